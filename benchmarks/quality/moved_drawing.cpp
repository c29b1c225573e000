#include "moved_drawing.h"

#include <cmath>

namespace quality {

double reflected(double at, double span) {
  const double turn = std::fmod(std::fabs(at), 2 * span);
  return turn <= span ? turn : 2 * span - turn;
}

demo::Drawing nudged(const demo::Drawing& from, double fx, double fy) {
  demo::Drawing to{from.width + 1, from.height + 1, {}};
  to.dots.resize(static_cast<std::size_t>(to.width) * static_cast<std::size_t>(to.height));
  const auto dot = [&](int x, int y) {
    return x < 0 || y < 0 || x >= from.width || y >= from.height ? demo::Drawing::Dot{}
                                                                 : from.at(x, y);
  };
  for (int y = 0; y < to.height; ++y)
    for (int x = 0; x < to.width; ++x) {
      demo::Drawing::Dot sum;
      for (int j = 0; j < 2; ++j)
        for (int i = 0; i < 2; ++i) {
          const auto d = dot(x - i, y - j);
          const auto w = static_cast<float>((i ? fx : 1 - fx) * (j ? fy : 1 - fy)) * d.a;
          sum.r += w * d.r, sum.g += w * d.g, sum.b += w * d.b, sum.a += w;
        }
      if (sum.a > 0) sum.r /= sum.a, sum.g /= sum.a, sum.b /= sum.a;
      to.at(x, y) = sum;
    }
  return to;
}

}  // namespace quality
