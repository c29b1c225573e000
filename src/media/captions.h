/// @file
/// What rides inside the coded pictures: CEA-608/708 captions, time codes, dynamic HDR.
#pragma once
#include <cleanplate/report.h>

#include <memory>
#include <vector>

#include "media/av.h"

namespace cleanplate::media {

/// Whether we must write the captions into this encoder's packets ourselves (HEVC, where the
/// encoder does not).
[[nodiscard]] bool needs_captions_written(const AVCodecContext& encoder);

/// Puts the captions of `side_data` (Frame::side_data, may be null) into one HEVC packet as an SEI
/// message, before its first slice.
void write_captions(AVPacket& packet, const std::shared_ptr<const void>& side_data);

/// What the first picture carries and this encoder has no place for.
[[nodiscard]] std::vector<Degradation> lost_riders(const AVFrame& first,
                                                   const AVCodecContext& encoder);

}  // namespace cleanplate::media
