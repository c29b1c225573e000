/// @file
/// A frame as an RGB picture, for previews; restored samples never come this way.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/result.h>

#include "frame/picture.h"

namespace cleanplate {

/// By the frame's matrix and range; where these are not told: BT.709 above 576 rows, else BT.601,
/// and limited range. Chroma is repeated, the transfer curve is left as it is.
/// @return `invalid_argument`: an empty frame; `out_of_memory`.
[[nodiscard]] Result<Picture> to_rgb(const Frame& frame);

}  // namespace cleanplate
