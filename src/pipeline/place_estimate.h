/// @file
/// One place's matte and its gain over time, from a sample of frames.
#pragma once
#include <cleanplate/gain.h>

#include <optional>

#include "matte/stepped_mark.h"

namespace cleanplate {

struct PlaceEstimate {
  MatteEstimate matte;
  std::shared_ptr<const OverlayModel> appearance;  ///< what the gain is measured by
  GainHistory gain;
};

/// Whether the frames alone do not tell the overlay closely enough to do without its looks, for
/// which libtorch is loaded, which weighs more than all the rest.
[[nodiscard]] bool doubtful(const MatteEstimate& estimate);

/// How a mark comes: a fade takes its time, in which the scene may move.
enum class Step { sudden, fade };
/// By what was seen at the place before the mark came and after it went; nothing where that does
/// not tell, or less than is known.
[[nodiscard]] std::optional<SteppedMark> mark_by_steps(const TimedStack& with,
                                                       const TimedStack& without, const Field& hint,
                                                       const MatteEstimate& known, Step step);

/// Where the overlay is seen to be away in some frames, only those that have it in full are
/// estimated from, or it is told by what is seen bare where the scene stands still meanwhile, and
/// its gain is known; else all are, and it counts as there. So it does where something else comes
/// there too: `matte.changing` is then 1.
/// @param hint   where the mark is looked at. @param anywhere  where parts of it may be yet.
/// @param pts    of the stacks' frames, rising.
/// @param whole  all frames' estimate_matte. @param likely  what it was told.
[[nodiscard]] PlaceEstimate estimate_place(const CropStack& seen, const CropStack& placebo,
                                           const Field& hint, const Field& anywhere,
                                           const std::vector<std::int64_t>& pts,
                                           const MatteEstimate& whole, const Likely& likely = {});
/// The same with the overlay known; `matte.opacity`: the strength that was found, the file's as 1.
[[nodiscard]] PlaceEstimate master_place(const OverlayModel& master, const CropStack& seen,
                                         const CropStack& placebo,
                                         const std::vector<std::int64_t>& pts);

}  // namespace cleanplate
