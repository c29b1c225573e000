/// @file
/// What un-blending leaves of a mark at its outline.
#pragma once
#include <array>
#include <vector>

#include "frame/field.h"
#include "matte/crop_stack.h"
#include "matte/pairs_across.h"

namespace cleanplate {

/// How far inside and outside of the mark are apart, mean squares for each component, code values
/// as seen.
struct OutlineLeft {
  std::array<double, 3> seen2{};      ///< in the mean picture
  std::array<double, 3> restored2{};  ///< in the mean picture un-blended, dimmed as the mark dims
  std::array<double, 3> scene2{};     ///< at the placebo
  std::array<double, 3> chance2{};    ///< likewise, dimmed as the mark dims

  /// What is left and no chance; of chroma: both planes together.
  [[nodiscard]] double luma() const { return left(0); }
  [[nodiscard]] double chroma() const { return left(1) + left(2); }

 private:
  [[nodiscard]] double left(std::size_t c) const {
    return restored2[c] > chance2[c] ? restored2[c] - chance2[c] : 0;
  }
};
/// Measured with the matte itself, each component on its own grid, where it is restored: strokes
/// that are too thin for a paint's contour count too.
/// @param alpha, premultiplied  of the mark, on the luma grid. @param across  alpha's pairs.
[[nodiscard]] OutlineLeft outline_left(const CropStack& seen, const CropStack& placebo,
                                       const Field& alpha,
                                       const std::array<Field, 3>& premultiplied,
                                       const std::vector<PairAcross>& across);

}  // namespace cleanplate
