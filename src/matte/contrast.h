/// @file
/// Where something stays while the picture moves: D ≈ α(W − J̄), from mean gradients.
#pragma once
#include <array>

#include "frame/field.h"
#include "matte/crop_stack.h"

namespace cleanplate {

struct StaticContrast {
  std::array<Field, 3> here;       ///< D, per component on its own grid
  std::array<Field, 3> elsewhere;  ///< the same of `placebo`: what chance alone makes of D
};
/// The mean picture's gradients, less what moving backgrounds leave in a mean (measured at
/// `placebo`, a place without overlay), integrated with 0 at the border (Poisson's equation, as
/// Dekel et al. 2017 integrate consistent gradients). Of a row (column) whose gradient is the same
/// on both sides of the hint, a letterbox's edge, that much is taken off within it too.
/// @param hint  luma grid of the stack's box: >0 where an overlay may be; gradients elsewhere are
/// 0.
[[nodiscard]] StaticContrast static_contrast(const CropStack& seen, const CropStack& placebo,
                                             const Field& hint);

/// The q-quantile of |f|, q in 0…1.
[[nodiscard]] float extent(const Field& f, double q);

/// u with Δu = div (gx, gy), u = 0 outside; gx[x] lies between x−1 and x.
[[nodiscard]] Field integrate(const Field& gx, const Field& gy);

}  // namespace cleanplate
