#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.h"
#include "inpaint/diffuse.h"

using namespace cleanplate;

namespace {
/// Each hole sample the mean of its four neighbours (those inside), swept until nothing moves.
std::vector<double> laplace_slowly(const std::vector<float>& picture,
                                   const std::vector<std::uint8_t>& hole, int w, int h) {
  std::vector<double> v(picture.begin(), picture.end());
  for (std::size_t i = 0; i < v.size(); ++i)
    if (hole[i]) v[i] = 128;
  for (double moved = 1; moved > 1e-9;) {
    moved = 0;
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        const auto i = static_cast<std::size_t>(y * w + x);
        if (!hole[i]) continue;
        double sum = 0, n = 0;
        if (x > 0) sum += v[i - 1], ++n;
        if (x + 1 < w) sum += v[i + 1], ++n;
        if (y > 0) sum += v[i - static_cast<std::size_t>(w)], ++n;
        if (y + 1 < h) sum += v[i + static_cast<std::size_t>(w)], ++n;
        moved = std::max(moved, std::abs(sum / n - v[i]));
        v[i] = sum / n;
      }
  }
  return v;
}
}  // namespace

TEST_CASE("with no edges to follow, the diffusion is the solution of Laplace's equation") {
  // Width, height; the last hole touches the crop's edge.
  const auto [w, h, l, t, r, b] = GENERATE(table<int, int, int, int, int, int>(
      {{24, 20, 8, 7, 14, 12}, {41, 33, 12, 10, 29, 20}, {37, 30, 0, 14, 20, 30}}));
  Random random(static_cast<std::uint64_t>(w));
  std::vector<float> picture;
  std::vector<std::uint8_t> hole;
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      picture.push_back(static_cast<float>(60 + 3 * x - 2 * y + random.below(40)));
      hole.push_back(x >= l && x < r && y >= t && y < b);
    }
  const auto truth = laplace_slowly(picture, hole, w, h);
  DiffuseOptions options;
  options.ring = 0;
  options.noise = 1e9F;  // no gradient counts as an edge
  options.sweeps = 600;
  Diffuser diffuser(w, h, hole, 1, options);
  REQUIRE(diffuser.usable());
  diffuser.run(picture);
  double worst = 0;
  for (std::size_t i = 0; i < picture.size(); ++i)
    worst = std::max(worst, std::abs(static_cast<double>(picture[i]) - truth[i]));
  REQUIRE(worst < .001);  // measured 2e-5 to 8e-5
}
