/// @file
/// Whether a mark is a mixture of code values at all.
#pragma once
#include <vector>

#include "frame/field.h"
#include "matte/crop_stack.h"
#include "matte/pairs_across.h"

namespace cleanplate {

/// How far the un-blended scene inside of a mark is off a straight line of the scene beside it, at
/// twice the deviation of what was behind it, in 8-bit levels. Above 0: the mark dims the bright
/// parts of the scene less than the dark ones, as one does that was mixed in linear light.
struct Bend {
  double levels = 0;
  double error = 1e9;  ///< standard error, from parts of the clip
  /// Far more than chance, and to be seen: no α and W can take that off.
  [[nodiscard]] bool surely() const;
};
/// Luma. Beside the mark and inside the scene is the same by distribution, so the difference of a
/// pair goes with its mean by a straight line whatever α is wrong by; a square in it is the bend.
/// @param alpha, premultiplied  of luma. @param across  alpha's pairs.
[[nodiscard]] Bend bend_of(const CropStack& seen, const Field& alpha, const Field& premultiplied,
                           const std::vector<PairAcross>& across);

}  // namespace cleanplate
