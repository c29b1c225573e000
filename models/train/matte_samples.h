/// @file
/// Pictures with an overlay, and which samples are its; each from its number alone.
#pragma once
#include "material.h"

namespace cleanplate::train {

struct MatteSample {
  std::vector<float> seen;    ///< 4 × size × size: Y, Cb, Cr, 0…1, and where the overlay may be
  std::vector<float> target;  ///< 5 × size × size: an overlay's sample, its opacity, and what it
                              ///< changes in Y, Cb, Cr
  std::vector<float> weight;  ///< 2 × size × size
};

/// @param size  a multiple of 16.
MatteSample make_matte_sample(const Material& material, std::uint64_t number, int size);

}  // namespace cleanplate::train
