/// @file
/// Mastering display and content light: what a whole video says about its HDR.
#pragma once
#include <optional>
#include <string>

#include "media/compat.h"

extern "C" {
#include <libavutil/mastering_display_metadata.h>
}

namespace cleanplate::media {

struct Hdr {
  std::optional<AVMasteringDisplayMetadata> mastering;
  std::optional<AVContentLightMetadata> light;
};

/// From the stream's side data, else from the first picture's.
[[nodiscard]] Hdr hdr_of(const AVStream& stream, const AVFrame& first);

/// "G(13250,34500)B(…)R(…)WP(…)L(10000000,1)", as x264 and x265 take it; units of 0.00002 and
/// 0.0001 cd/m²; empty where primaries or luminance are missing.
[[nodiscard]] std::string mastering_text(const Hdr& hdr);
/// "1000,400": greatest and frame-average content light, cd/m²; empty where there is none.
[[nodiscard]] std::string light_text(const Hdr& hdr);

}  // namespace cleanplate::media
