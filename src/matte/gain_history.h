/// @file
/// From a sample of frames to what is known of an overlay's gain.
#pragma once
#include <cleanplate/gain.h>

#include "matte/crop_stack.h"
#include "matte/gain_meter.h"

namespace cleanplate {

/// Greatest answer where an overlay is away; above it, that is not told from there.
constexpr double most_floor = .7;

/// Every frame's answer; the stack's boxes are the model's.
[[nodiscard]] std::vector<FrameGain> gains_of(const GainMeter& meter, const CropStack& seen);

/// @param pts   of the stack's frames, rising.
/// @param full  frames that the model was estimated from: what the meter says there is 1. Empty:
///              the model is what it is.
/// @param away  frames known to be without the overlay: what the meter says there (the scene's own
///              edges under it) is 0.
[[nodiscard]] GainHistory gain_history(const std::vector<FrameGain>& gains,
                                       const std::vector<std::int64_t>& pts,
                                       const std::vector<int>& full, const std::vector<int>& away);

/// The frames in which the overlay is there at its strongest, for an estimate that the others
/// would dilute. @return all of them where nothing else is sure.
[[nodiscard]] std::vector<int> strongest_frames(const std::vector<FrameGain>& gains);

/// Frames that surely have the overlay and frames that surely do not; both empty where they do not
/// fall into two such kinds.
struct Presence {
  std::vector<int> there, away;
};
/// Without any model, by the one way in which the place's edges change most (first principal
/// component over time): a scene that moves changes in many ways, one that is cut leaves edges in
/// both parts; an overlay that comes and goes leaves none.
/// @param component  whose edges are looked at. @param hint  as estimate_matte's.
[[nodiscard]] Presence presence_of(const CropStack& seen, int component, const Field& hint);

}  // namespace cleanplate
