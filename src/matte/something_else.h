/// @file
/// Whether a place changes in ways that one mark's coming and going does not account for.
#pragma once
#include <vector>

#include "matte/crop_stack.h"
#include "matte/gain_meter.h"

namespace cleanplate {

/// Whether something comes or goes at the place from one frame to the next, for a few frames at
/// least, and not round it, while the mark's gain stays: another line of text. @param gains  each
/// frame's. @param hint  as estimate_matte's.
[[nodiscard]] bool something_else_comes(const CropStack& seen, const std::vector<FrameGain>& gains,
                                        const Field& hint);

}  // namespace cleanplate
