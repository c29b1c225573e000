/// @file
/// How opaque a paint is: how much less its samples change over time than those beside it.
#pragma once
#include <vector>

#include "frame/field.h"
#include "matte/crop_stack.h"

namespace cleanplate {

struct Opacity {
  double alpha = 0;
  double error = 1;  ///< standard error, from how far parts of the contour disagree
};

/// Change over time inside the mark against just outside, in pairs across the contour. Both sides
/// are noisy, so the slope is the symmetric one (ratio of deviations; errors in variables), not
/// least squares, which comes out too small.
/// @param core  luma indices of the paint's samples. @param hole  the mark with its border, luma.
/// @param near  how far inside the hole a sample may lie and still be compared, samples.
[[nodiscard]] Opacity opacity_across_contour(const CropStack& seen, const Field& hole,
                                             const std::vector<std::size_t>& core, int near);

}  // namespace cleanplate
