/// @file
/// The mark's contrast D in each component, and how closely it is known.
#pragma once
#include <array>

#include "matte/crop_stack.h"
#include "matte/likely.h"
#include "matte/palette.h"

namespace cleanplate {

struct MeasuredContrast {
  std::array<Field, 3>
      contrast;                 ///< D on the luma grid, code values; 0 where there is no component
  Contrast spread{};            ///< what it may be off by chance, code values
  std::array<bool, 3> crisp{};  ///< it is many times more than that
};

/// What stays (contrast.h) where that is crisp, as is to be seen at the placebo; else, where
/// somebody looked, what is seen against its surroundings.
[[nodiscard]] MeasuredContrast measure_contrast(const CropStack& seen, const CropStack& placebo,
                                                const Field& hint, const Likely& likely);

}  // namespace cleanplate
