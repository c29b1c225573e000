/// @file
/// A mark's α and W from the same scene with and without it.
#pragma once
#include "matte/estimate.h"
#include "matte/steps.h"

namespace cleanplate {

/// What is known of an opacity otherwise.
struct KnownOpacity {
  double value = .45, error = .15;  // as marks commonly are
};

struct SteppedMark {
  MatteEstimate matte;  ///< no model: nothing stands out
  /// How much of the scene's detail goes on under the mark, 0…1, and its standard error.
  double through = 0, through_error = 1;
};

/// The opacity is what the scene's detail is dimmed by, drawn to what is known otherwise. αW is
/// what then makes of the one picture the other, sample by sample: so where the scene stands still
/// what was hidden comes back as it was seen, whatever the opacity is.
/// @param seen  the place, for its boxes and format. @param hint  as estimate_matte's.
[[nodiscard]] SteppedMark stepped_mark(const StepPictures& steps, const CropStack& seen,
                                       const Field& hint, const KnownOpacity& known);

}  // namespace cleanplate
