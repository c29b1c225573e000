/// @file
/// The mark's paints and where they lie, whatever its size.
#pragma once
#include "matte/paint_choice.h"

namespace cleanplate {

/// Paints are found in D, chosen (paint_choice.h) and laid. A large mark is done at half the size
/// first, and then only its borders are settled at the full one: the time grows with the outline.
/// @return no paints: nothing holds there.
[[nodiscard]] PaintedMark paint_mark(const CropStack& seen, const CropStack& placebo,
                                     const Evidence& evidence, const Field& hint);

/// Where D stands out in any component.
[[nodiscard]] Field contrast_support(const Evidence& evidence);
/// The strongest that D is, over all components, code values.
[[nodiscard]] float contrast_peak(const Evidence& evidence);

}  // namespace cleanplate
