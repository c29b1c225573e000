/// @file
/// The formats in which cards and software have the same samples.
#pragma once
#include <cleanplate/frame.h>

#include <optional>

namespace cleanplate {

/// As a card's decoder and encoder have it: 4:2:0 as NV12 or P010, 4:4:4 above 8 bits in the words'
/// high bits. @return nothing: they have no such samples (grey, 4:2:2).
[[nodiscard]] std::optional<PixelFormat> card_format(PixelFormat format);
/// As software has it: planes, and samples in the words' low bits.
[[nodiscard]] PixelFormat planar_format(PixelFormat format);

/// The same samples, times and side data; a copy in the host's memory unless it is so already.
/// @param format  what one of the two above makes of the frame's.
[[nodiscard]] Result<Frame> in_format(const Frame& frame, PixelFormat format);

}  // namespace cleanplate
