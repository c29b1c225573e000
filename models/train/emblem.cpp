#include "emblem.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "draw.h"

namespace cleanplate::train {

namespace {

/// Full or pale colours, white and black among them.
Colour3 paint(Random& random) {
  const double kind = random.uniform();
  if (kind < .25) return {1, 1, 1};
  if (kind < .35) return Colour3{};
  const double hue = 6 * random.uniform(), full = between(random, .4, 1),
               light = between(random, .3, 1);
  Colour3 out;
  for (std::size_t k = 0; k < 3; ++k) {
    const double from = std::abs(std::fmod(hue + 2. * static_cast<double>(k), 6.) - 3);
    out[k] = static_cast<float>(light * (1 - full + full * std::clamp(from - 1, 0., 1.)));
  }
  return out;
}

/// One shape about a centre; sizes are shares of the emblem's own, each way.
struct Shape {
  int kind;
  double x, y, wide, high, turn, more;
  int corners;

  [[nodiscard]] bool holds(double px, double py) const {
    const double c = std::cos(turn), s = std::sin(turn);
    const double u = ((px - x) * c + (py - y) * s) / wide,
                 v = (-(px - x) * s + (py - y) * c) / high;
    const double r = std::hypot(u, v), angle = std::atan2(v, u) + std::numbers::pi;
    switch (kind) {
      case 0:
        return r < 1;  // disc
      case 1:
        return r < 1 && r > more;  // ring
      case 2:
        return std::abs(u) < 1 && std::abs(v) < 1;  // box
      case 3: {                                     // polygon, star
        const double part = 2 * std::numbers::pi / corners;
        const double in = std::abs(std::fmod(angle, part) / part - .5) * 2;
        return r < more + (1 - more) * in;
      }
      case 4:
        return r < 1 && angle < more * 2 * std::numbers::pi;  // slice
      case 5:
        return r < 1 && std::hypot(u - more * .7, v) > .95;  // crescent
      default:                                               // stripes
        return std::abs(u) < 1 && std::abs(v) < 1 && std::fmod((v + 1) * corners, 2) < .5 + more;
    }
  }
};

Shape any_shape(Random& random, bool first) {
  const double size = first ? between(random, .35, .5) : between(random, .1, .4);
  const double spread = first ? .05 : .3;
  return {random.below(7),
          between(random, -spread, spread),
          between(random, -spread, spread),
          size,
          chance(random, .5) ? size : size * between(random, .3, 1),
          chance(random, .5) ? 0 : between(random, -1.6, 1.6),
          between(random, .35, .85),
          3 + random.below(6)};
}

}  // namespace

Sprite make_emblem(Random& random, int width) {
  const int height = std::max(6, static_cast<int>(width * between(random, .4, 1.3)));
  std::array<Colour3, 4> palette;
  for (Colour3& c : palette) c = paint(random);
  Sprite s;
  s.alpha = Field(width, height);
  for (Field& c : s.colour) c = Field(width, height);
  const int shapes = 1 + random.below(5), colours = 2 + random.below(3);
  constexpr int fine = 3;
  for (int n = 0; n < shapes; ++n) {
    const Shape shape = any_shape(random, n == 0);
    const Colour3 ink = palette[static_cast<std::size_t>(random.below(colours))],
                  other = palette[static_cast<std::size_t>(random.below(colours))];
    const bool runs = chance(random, .25), hole = n > 0 && chance(random, .12);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        int inside = 0;
        for (int j = 0; j < fine * fine; ++j)
          inside += shape.holds((x + (j % fine + .5) / fine) / width - .5,
                                (y + (j / fine + .5) / fine) / height - .5);
        if (!inside) continue;
        const float a = static_cast<float>(inside) / (fine * fine);
        float& under = s.alpha.at(x, y);
        if (hole) {
          under *= 1 - a;
          continue;
        }
        const float way = runs ? static_cast<float>(y) / static_cast<float>(height) : 0;
        const float total = a + (1 - a) * under;
        for (std::size_t k = 0; k < 3; ++k) {
          float& c = s.colour[k].at(x, y);
          c = (a * (ink[k] + way * (other[k] - ink[k])) + (1 - a) * under * c) / total;
        }
        under = total;
      }
  }
  return s;
}

}  // namespace cleanplate::train
