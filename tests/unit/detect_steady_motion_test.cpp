// What keeps its shape and speed for a stretch of frames, among stronger things that do not.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "detect/steady_motion.h"

using namespace cleanplate;

namespace {

constexpr Size picture{208, 117};

struct Thing {
  double x, y, vx, vy, speeds_up;
  int side;
  double strength;  // levels
};

/// Rough squares over grey.
Frame drawn(const std::vector<Thing>& things, int n) {
  auto frame = Frame::allocate({Layout::grey, 8}, picture);
  REQUIRE(frame);
  const auto to = frame->writable(0);
  for (int y = 0; y < to.height; ++y)
    for (int x = 0; x < to.width; ++x) to.data[y * to.stride + x] = std::byte{120};
  for (const Thing& t : things) {
    const double way = n + t.speeds_up * n * n;
    const int x0 = static_cast<int>(std::lround(t.x + t.vx * way)),
              y0 = static_cast<int>(std::lround(t.y + t.vy * way));
    for (int v = 0; v < t.side; ++v)
      for (int u = 0; u < t.side; ++u) {
        if (x0 + u < 0 || y0 + v < 0 || x0 + u >= picture.width || y0 + v >= picture.height)
          continue;
        const double wave = std::sin(u * 1.1 + t.x) * std::cos(v * .9 + t.y) > 0 ? 1 : -1;
        to.data[(y0 + v) * to.stride + x0 + u] =
            static_cast<std::byte>(std::lround(120 + t.strength * wave));
      }
  }
  return *std::move(frame);
}

}  // namespace

TEST_CASE("a faint mark is told from stronger things that speed up") {
  std::vector<Thing> things;
  for (int k = 0; k < 16; ++k)
    things.push_back({10 + 47. * k - 188 * (k / 4), 8 + 27. * (k / 4), .5 * std::cos(k * 2.4),
                      .4 * std::sin(k * 2.4), .012, 20, 60});
  const Thing mark{20, 30, 1.5, .75, 0, 20, 7};
  things.push_back(mark);
  EdgeHistory history(picture, 1, EdgesOf::luma);
  for (int n = 0; n < static_cast<int>(SteadyMotion::frames); ++n) history.add(drawn(things, n));
  const auto motions = steady_motions(history, 0);
  const double middle = (static_cast<double>(SteadyMotion::frames) - 1) / 2;
  CHECK(std::any_of(motions.begin(), motions.end(), [&](const SteadyMotion& m) {
    return std::hypot(m.vx - mark.vx, m.vy - mark.vy) < .1 &&
           std::hypot(m.x - mark.x - mark.vx * middle - 10, m.y - mark.y - mark.vy * middle - 10) <
               14;
  }));
}
