// Motion told from grain, round what stays.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <random>

#include "detect/static_candidates.h"

using namespace cleanplate;

namespace {

constexpr Size picture{320, 180};

/// An emblem in three rings, drawn over or being part of what is seen.
bool in_emblem(int x, int y) {
  const double r = std::hypot(x - 240, y - 50);
  return r < 24 && static_cast<int>(r / 4) % 2 == 0;
}

/// @param level  of the scene at a place and time, 8-bit levels.
bool emblem_found(const std::function<double(int, int, int)>& level, double noise) {
  std::mt19937 random(3);
  std::normal_distribution<double> grain(0, noise);
  EdgeStatistics statistics(picture);
  for (int n = 0; n < 40; ++n) {
    auto frame = Frame::allocate({Layout::grey, 8}, picture);
    REQUIRE(frame);
    const auto to = frame->writable(0);
    for (int y = 0; y < picture.height; ++y)
      for (int x = 0; x < picture.width; ++x) {
        const double seen = .7 * level(x, y, n) + (in_emblem(x, y) ? 60 : 0) + grain(random);
        to.data[y * to.stride + x] =
            static_cast<std::byte>(std::lround(std::clamp(seen, 0., 255.)));
      }
    statistics.add(*frame);
  }
  const auto candidates = static_candidates(statistics.edges(), picture, .1);
  return std::any_of(candidates.begin(), candidates.end(),
                     [](const Candidate& c) { return c.accepted; });
}

double waves(double x, double y) {
  return 120 + 40 * std::sin(x / 11 + y / 17) + 30 * std::sin(y / 7 - x / 23);
}

}  // namespace

TEST_CASE("what stays before a scene that moves is found, for all its grain") {
  CHECK(emblem_found([](int x, int y, int n) { return waves(x + 3 * n, y + n); }, 3));
}

TEST_CASE("grain is no motion: what stays in a still scene is the scene's") {
  const double noise = GENERATE(1.5, 3., 6.);
  CAPTURE(noise);
  CHECK_FALSE(emblem_found([](int x, int, int) { return 100 + x / 8.; }, noise));
}
