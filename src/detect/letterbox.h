/// @file
/// A picture fitted into a square, as YOLO networks are fed.
#pragma once
#include <cleanplate/geometry.h>

#include "frame/picture.h"

namespace cleanplate {

/// Where a picture lies in its square.
struct Letterbox {
  int side = 0;
  double scale = 1;           ///< square samples per picture sample
  int left = 0, top = 0;      ///< grey before it
  int width = 0, height = 0;  ///< of the picture in the square

  [[nodiscard]] double picture_x(double x) const { return (x - left) / scale; }
  [[nodiscard]] double picture_y(double y) const { return (y - top) / scale; }
};

/// Centred, its longer side filling the square; both sizes positive.
[[nodiscard]] Letterbox letterbox(Size picture, int side);
/// Fills 3 × side × side floats, 0…1, channels apart: averaged down or interpolated up, grey
/// (114 of 255) round it.
/// @param rgb  3 channels, of the size that `into` was made for.
void fill_letterbox(const Picture& rgb, const Letterbox& into, float* planes);

}  // namespace cleanplate
