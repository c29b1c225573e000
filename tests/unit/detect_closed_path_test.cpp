// What lies between the sights of a mark that moves.
#include <catch2/catch.hpp>
#include <cmath>

#include "detect/closed_path.h"

using namespace cleanplate;

namespace {

constexpr Box box{100, 50, 60, 30};
constexpr Size picture{640, 360};

PathPoint straight(int n) { return {100 + 3. * n, 50 + 2. * n, .9, true}; }

/// Seen but in the frames from … to − 1 of 80.
std::vector<PathPoint> seen_but(int from, int to) {
  std::vector<PathPoint> path;
  for (int n = 0; n < 80; ++n) {
    path.push_back(straight(n));
    path.back().there = n < from || n >= to;
  }
  return path;
}

void check_straight(const std::vector<PathPoint>& path, std::size_t from, std::size_t to) {
  for (std::size_t n = from; n < to; ++n) {
    CAPTURE(n);
    REQUIRE(path[n].there);
    CHECK(path[n].x == Approx(straight(static_cast<int>(n)).x));
    CHECK(path[n].y == Approx(straight(static_cast<int>(n)).y));
  }
}

}  // namespace

TEST_CASE("a mark that is not seen for some frames goes on straight between its sights") {
  check_straight(closed_path(seen_but(30, 42), box, picture), 0, 80);
}

TEST_CASE("a mark that is not seen in a clip's first or last frames went straight on there") {
  check_straight(closed_path(seen_but(0, 12), box, picture), 0, 80);
  check_straight(closed_path(seen_but(70, 80), box, picture), 0, 80);
}

TEST_CASE("a mark that comes late, or would lie outside, is not there before") {
  CHECK_FALSE(closed_path(seen_but(0, 20), box, picture)[19].there);
  std::vector<PathPoint> path = seen_but(0, 12);
  for (PathPoint& p : path) p.x -= 110;
  CHECK_FALSE(closed_path(path, box, picture)[11].there);
}

TEST_CASE("a way that bends does not tell where the mark was before") {
  std::vector<PathPoint> path = seen_but(0, 10);
  for (std::size_t n = 0; n < path.size(); ++n)
    path[n].y += .1 * std::pow(static_cast<double>(n) - 10, 2);
  CHECK_FALSE(closed_path(path, box, picture)[9].there);
}

TEST_CASE("a few weak sights far off are none") {
  std::vector<PathPoint> path = seen_but(30, 70);
  for (std::size_t n = 45; n < 48; ++n) path[n] = {500, 20, .2, true};
  check_straight(closed_path(path, box, picture), 30, 70);
}
