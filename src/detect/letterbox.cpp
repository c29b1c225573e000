#include "detect/letterbox.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

Letterbox letterbox(Size picture, int side) {
  Letterbox l;
  l.side = side;
  l.scale = std::min(static_cast<double>(side) / picture.width,
                     static_cast<double>(side) / picture.height);
  l.width = std::clamp(static_cast<int>(std::lround(picture.width * l.scale)), 1, side);
  l.height = std::clamp(static_cast<int>(std::lround(picture.height * l.scale)), 1, side);
  l.left = (side - l.width) / 2;
  l.top = (side - l.height) / 2;
  return l;
}

}  // namespace cleanplate
