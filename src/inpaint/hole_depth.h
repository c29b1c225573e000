/// @file
/// How deep in a hole its samples lie.
#pragma once
#include <vector>

#include "inpaint/fill_crop.h"

namespace cleanplate {

/// For each sample of the mask, the distance to the nearest known one, in samples: by two chamfer
/// passes (Borgefors 1986; weights 3 and 4). 0 outside the hole; 1e6 if nothing is known.
[[nodiscard]] std::vector<float> hole_depths(const HoleMask& hole);

}  // namespace cleanplate
