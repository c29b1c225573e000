/// @file
/// How much of the background shows through, sample by sample: I = αW + (1−α)J over frames.
#pragma once
#include "frame/field.h"
#include "matte/crop_stack.h"

namespace cleanplate {

/// Moments over frames of what is seen (I) against the background guessed from around (Ĵ).
struct Regression {
  Field mean_seen, mean_guess;
  Field covariance;   ///< of I and Ĵ
  Field guess_power;  ///< variance of Ĵ
  Field seen_power;   ///< variance of I
};

/// Only samples of `hole` are filled in; the others are 0.
/// @param hole  the component's grid of the stack; >0 inside.
[[nodiscard]] Regression regress(const CropStack& stack, int component, const Field& hole);

}  // namespace cleanplate
