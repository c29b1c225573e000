/// @file
/// libav's pixel formats and colours as ours, and back.
#pragma once
#include <cleanplate/frame.h>

#include <optional>
#include <string>

#include "media/compat.h"

namespace cleanplate::media {

/// @return nothing for what is not handled: RGB, alpha, palettes, 4:1:1, hardware surfaces.
[[nodiscard]] std::optional<PixelFormat> from_av(AVPixelFormat format);
/// @return AV_PIX_FMT_NONE where libav has no such format; never one of the yuvj kind.
[[nodiscard]] AVPixelFormat to_av(PixelFormat format);
/// What NVENC calls a card_format, of at most 10 bits. @return AV_PIX_FMT_NONE: it has none.
[[nodiscard]] AVPixelFormat nvenc_format(PixelFormat format);
/// A surface of NVDEC's, whose words may have more bits than the video was coded with.
/// @param coded  AVCodecContext::sw_pix_fmt. @return nothing: these are not the video's samples.
[[nodiscard]] std::optional<PixelFormat> surface_format(AVPixelFormat surface, AVPixelFormat coded);
/// The full-range name that older encoders want (yuvj420p …); the format itself where none is.
[[nodiscard]] AVPixelFormat full_range_name(AVPixelFormat format);
/// "yuv420p10le", or "unknown".
[[nodiscard]] std::string name_of(AVPixelFormat format);
/// "8-bit 4:2:0".
[[nodiscard]] std::string words_for(PixelFormat format);

/// The frame's colour; what it leaves open is taken from `stream`.
[[nodiscard]] Colour colour_of(const AVFrame& frame, const AVCodecParameters& stream);
/// Sets the fields of an AVFrame or AVCodecContext (their colour fields have one spelling).
template <class Target>
void set_colour(Target& t, const Colour& c) {
  t.color_range = static_cast<AVColorRange>(c.range);
  t.color_primaries = static_cast<AVColorPrimaries>(c.primaries);
  t.color_trc = static_cast<AVColorTransferCharacteristic>(c.transfer);
  t.colorspace = static_cast<AVColorSpace>(c.matrix);
}

}  // namespace cleanplate::media
