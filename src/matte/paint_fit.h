/// @file
/// The paints' α and W, all together.
#pragma once
#include <vector>

#include "matte/contour.h"

namespace cleanplate {

/// What a paint adds if the background is D less than what is seen, all over its core.
void colour_from_contrast(const Evidence& evidence, Paint& paint);

/// The least opacity, 0…1, at which D can come of a colour that there is: W = background + D / α.
[[nodiscard]] double least_opacity(const Evidence& evidence, const Paint& paint);

/// Each paint's opacity from its contour, drawn to what all contours say by how uncertain it is,
/// and that to what marks commonly have; then its colour. @return the opacity of all contours.
ContourFit fit_paints(const CropStack& seen, const Evidence& evidence, const PaintMap& map,
                      std::vector<Paint>& paints);

}  // namespace cleanplate
