/// @file
/// The samples between paints: how much of each is in them.
#pragma once
#include <vector>

#include "matte/crop_stack.h"
#include "matte/paint_map.h"
#include "matte/shading.h"

namespace cleanplate {

/// The matte on the luma grid; premultiplied is αW.
struct MixedMatte {
  Field alpha;
  std::array<Field, 3> premultiplied;
  Field depth;  ///< samples to the nearest one without overlay, at most 23
};

/// Solid samples have their paint's α. Round them the plate is known on both sides (un-blended
/// within, as seen without), so that it can be spanned across the narrow band between; there each
/// sample is the mix of two paints (or one and none) that explains it best over the frames. The
/// band grows outwards where its rim is still covered: a shadow, a soft edge.
/// @param shading  in `seen`, but no longer in the evidence.
[[nodiscard]] MixedMatte mix_edges(const CropStack& seen, const Shading& shading,
                                   const Evidence& evidence, const Field& hint,
                                   const std::vector<Paint>& paints, const PaintMap& map);

}  // namespace cleanplate
