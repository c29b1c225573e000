/// @file
/// Colour planes as floats, and what is done to them before and after an overlay goes on.
#pragma once
#include <array>

#include "core/random.h"
#include "frame/field.h"
#include "frame/picture.h"

namespace cleanplate::train {

using Colour3 = std::array<float, 3>;  ///< R, G, B; 0…1
using Canvas = std::array<Field, 3>;   ///< R, G, B or Y, Cb, Cr; 0…1, Cb and Cr about .5

/// What lies on a canvas: coverage × opacity, and colour.
struct Sprite {
  Field alpha;
  Canvas colour;
  [[nodiscard]] bool empty() const { return alpha.empty(); }
};

/// A square of `size` from a place of `picture`, `scale` samples of it to one; turned over at will.
Canvas crop(const Picture& picture, double x, double y, double scale, int size, bool mirrored);
Field blurred(const Field& field, double sigma);
/// Along a straight way of `length` samples.
Canvas smeared(const Canvas& canvas, double dx, double dy);
/// To another size by averaging.
Field resized(const Field& field, int width, int height);
Field turned(const Field& field, double angle);
Canvas to_ycc(const Canvas& rgb);
Canvas to_rgb(const Canvas& ycc);
/// Chroma as 4:2:0 keeps it.
void halve_chroma(Canvas& ycc);
/// A codec's loss: 8 × 8 DCT steps of `step` code values (0…255), blocks begun at (ox, oy).
Field quantised(const Field& plane, double step, int ox, int oy);
/// One pass of noise and loss, or the mean of several.
Canvas degraded(const Canvas& ycc, Random& random);

}  // namespace cleanplate::train
