/// @file
/// A master's model against what a clip shows at its place.
#pragma once
#include "matte/estimate.h"

namespace cleanplate {

/// The estimate that a master makes unnecessary: its opacity brought to the strength that the
/// frames show, and how far un-blending is to be trusted by what the background does near by.
/// @param master   on the grid of the stack's boxes or any other.
/// @return without a model where the frames do not show it; `opacity`: the gain that was found.
[[nodiscard]] MatteEstimate master_matte(const OverlayModel& master, const CropStack& seen,
                                         const CropStack& placebo);

/// The model with its mattes on other boxes, 0 where it has none.
[[nodiscard]] OverlayModel laid_on(const OverlayModel& model, const std::array<Box, 3>& boxes);

}  // namespace cleanplate
