/// @file
/// From a sample of frames to what is known of an overlay's gain.
#pragma once
#include <cleanplate/gain.h>

#include "matte/crop_stack.h"
#include "matte/gain_meter.h"

namespace cleanplate {

/// Every frame's answer; the stack's boxes are the model's.
[[nodiscard]] std::vector<FrameGain> gains_of(const GainMeter& meter, const CropStack& seen);

/// @param pts  of the stack's frames, rising.
[[nodiscard]] GainHistory gain_history(const std::vector<FrameGain>& gains,
                                       const std::vector<std::int64_t>& pts);

/// The frames in which the overlay is there at its strongest, for an estimate that the others
/// would dilute. @return all of them where nothing else is sure.
[[nodiscard]] std::vector<int> strongest_frames(const std::vector<FrameGain>& gains);

/// The same without any model, by how much of the frames' common edges each has: told apart only
/// where they fall into two kinds, there and not there. @param hint  as estimate_matte's.
[[nodiscard]] std::vector<int> frames_with_common_edges(const CropStack& seen, const Field& hint);

}  // namespace cleanplate
