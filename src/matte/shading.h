/// @file
/// A mark whose colour runs from one into another.
#pragma once
#include <array>

#include "matte/painted_mark.h"

namespace cleanplate {

/// By how much W is more than its paint's, per component, code values; on the luma grid. Beside a
/// shaded paint it goes on for some samples, as edges are mixed. Empty fields: none.
using Shading = std::array<Field, 3>;
/// What that adds to a sample of the pictures that is a paint's alone.
[[nodiscard]] inline float shading_in(const Shading& shading, const PaintMap& map,
                                      const std::vector<Paint>& paints, std::size_t component,
                                      std::size_t sample) {
  const std::uint8_t paint = map.paint[sample];
  return paint && paints[paint - 1U].shaded
             ? static_cast<float>(paints[paint - 1U].alpha) * shading[component].values[sample]
             : 0;
}

/// Paints that run into each other, with no step in D where they meet, are one paint with a
/// shading: its colour changes smoothly over it.
/// @param[in,out] evidence  gets what is left when the shading is taken off the pictures.
/// @param[in,out] mark  gets one paint for those.
[[nodiscard]] Shading take_off_shading(const CropStack& seen, Evidence& evidence,
                                       PaintedMark& mark);

}  // namespace cleanplate
