/// @file
/// Pictures with and without an overlay, and where it is; each from its number alone.
#pragma once
#include "canvas.h"
#include "material.h"

namespace cleanplate::train {

struct Sample {
  std::vector<float> rgb;             ///< 3 × size × size, 0…1
  std::vector<float> target, weight;  ///< (size / 4)²
};

/// @param size  a multiple of 16.
Sample make_sample(const Material& material, std::uint64_t number, int size);

/// A scene with all that belongs to one and may be taken for an overlay, RGB.
Canvas make_scene(const Material& material, Random& random, int size);
/// Lays colours on, `alpha` of each; what lies outside is cut.
void blend(Canvas& onto, const Field& alpha, const Canvas& colour, int x0, int y0);

}  // namespace cleanplate::train
