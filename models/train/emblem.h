/// @file
/// Emblems of several shapes and colours, made up: what a channel's or a club's badge is like.
#pragma once
#include "canvas.h"

namespace cleanplate::train {

/// Discs, rings, boxes, polygons, stars, slices, crescents and stripes over one another, in two to
/// four colours that may run; opaque where it covers.
/// @param width  of the whole, pixels; its height is .4 … 1.3 of it.
Sprite make_emblem(Random& random, int width);

}  // namespace cleanplate::train
