/// @file
/// A picture fitted into a square, as YOLO networks are fed.
#pragma once
#include <cleanplate/geometry.h>

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

}  // namespace cleanplate
