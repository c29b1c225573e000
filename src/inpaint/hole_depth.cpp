#include "inpaint/hole_depth.h"

#include <algorithm>
#include <cstddef>

namespace cleanplate {

namespace {
std::size_t at(int i) { return static_cast<std::size_t>(i); }
}  // namespace

std::vector<float> hole_depths(const HoleMask& hole) {
  const int w = hole.width, h = hole.height;
  std::vector<float> d(hole.values.size());
  for (std::size_t i = 0; i < d.size(); ++i) d[i] = hole.values[i] ? 1e6F : 0.F;
  const auto from = [&](int x, int y, int dx, int dy, float step) {
    const int u = x + dx, v = y + dy;
    if (u < 0 || v < 0 || u >= w || v >= h) return;
    float& own = d[at(y * w + x)];
    own = std::min(own, d[at(v * w + u)] + step);
  };
  constexpr float straight = 1, slant = 4 / 3.F;
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      from(x, y, -1, 0, straight), from(x, y, 0, -1, straight);
      from(x, y, -1, -1, slant), from(x, y, 1, -1, slant);
    }
  for (int y = h; y-- > 0;)
    for (int x = w; x-- > 0;) {
      from(x, y, 1, 0, straight), from(x, y, 0, 1, straight);
      from(x, y, 1, 1, slant), from(x, y, -1, 1, slant);
    }
  return d;
}

}  // namespace cleanplate
