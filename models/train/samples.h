/// @file
/// Pictures with and without an overlay, and where it is; each from its number alone.
#pragma once
#include "material.h"

namespace cleanplate::train {

struct Sample {
  std::vector<float> rgb;             ///< 3 × size × size, 0…1
  std::vector<float> target, weight;  ///< (size / 4)²
};

/// @param size  a multiple of 16.
Sample make_sample(const Material& material, std::uint64_t number, int size);

}  // namespace cleanplate::train
