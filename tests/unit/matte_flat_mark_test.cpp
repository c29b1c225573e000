// A mark known by its own flat paints.
#include "matte/flat_mark.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "still_place.h"

using namespace cleanplate;
using namespace cleanplate::still_place;

namespace {

constexpr Box told{40, 30, 80, 60};
constexpr Box left_bar{48, 38, 24, 44}, right_bar{80, 38, 24, 44}, dot{54, 50, 7, 7};

/// Two white bars with a gap, a black dot in one.
int bars(int x, int y) {
  if (dot.contains(x, y)) return 16;
  return left_bar.contains(x, y) || right_bar.contains(x, y) ? 235 : foliage(x, y);
}

}  // namespace

TEST_CASE("an outline loses the scene beside and between flat paints, and nothing of the mark") {
  const FlatMark flat = flat_mark(filled(told), seen(bars));
  REQUIRE(flat.outline);
  REQUIRE(flat.opaque);
  for (int y = told.y; y < told.bottom(); ++y)
    for (int x = told.x; x < told.right(); ++x) {
      CAPTURE(x, y);
      if (left_bar.contains(x, y) || right_bar.contains(x, y))
        REQUIRE(flat.outline->at(x, y) == 255);
      if (!left_bar.grown(2).contains(x, y) && !right_bar.grown(2).contains(x, y))
        REQUIRE(flat.outline->at(x, y) == 0);
    }
}

TEST_CASE("an outline stays where the mark's shadow reaches beside its paints") {
  const FlatMark flat =
      flat_mark(filled(told), seen([](int x, int y) {
                  const int there = bars(x, y);
                  return told.contains(x, y) && there != 235 && there != 16 ? 3 * there / 5 : there;
                }));
  REQUIRE(!flat.outline);
}

TEST_CASE("an outline stays where the scene shines through the mark") {
  const FlatMark flat = flat_mark(filled(told), seen([](int x, int y) {
                                    return left_bar.contains(x, y) || right_bar.contains(x, y)
                                               ? (235 + foliage(x, y)) / 2
                                               : foliage(x, y);
                                  }));
  REQUIRE(!flat.outline);
}

TEST_CASE("an outline stays where the scene has the mark's colour") {
  const FlatMark flat = flat_mark(
      filled(told), seen([](int x, int y) { return y < 90 && y > 20 ? 235 : bars(x, y); }));
  REQUIRE(!flat.outline);
}

TEST_CASE("what changes as the scene does is cut off, though nothing beside has its colour") {
  const Box lamp{54, 84, 20, 5};
  const CropStack flickering = changing([&](int x, int y, int n) {
    if (lamp.contains(x, y)) return n % 2 ? 180 : 220;
    const bool bar = left_bar.contains(x, y) || right_bar.contains(x, y);
    return bar ? bars(x, y) : foliage(x + 2 * n, y);
  });
  const FlatMark flat = flat_mark(filled(told), flickering);
  REQUIRE(flat.outline);
  for (int y = lamp.y + 2; y < lamp.bottom(); ++y)
    for (int x = lamp.x; x < lamp.right(); ++x) REQUIRE(flat.outline->at(x, y) == 0);
  REQUIRE(flat.outline->at(dot.x + 3, dot.y + 3) == 255);

  // Unless frames and looks both say that it is the mark's.
  const Box& grid = flickering.box(0);
  Field sure(grid.width, grid.height);
  for (int y = lamp.y; y < lamp.bottom(); ++y)
    for (int x = lamp.x; x < lamp.right(); ++x) sure.at(x - grid.x, y - grid.y) = 1;
  const FlatMark whole = flat_mark(filled(told), flickering, sure);
  REQUIRE(whole.outline);
  for (int y = lamp.y; y < lamp.bottom(); ++y)
    for (int x = lamp.x; x < lamp.right(); ++x) REQUIRE(whole.outline->at(x, y) == 255);
}

TEST_CASE("an even mark that changes as the scene does, if less, is not opaque") {
  // The scene's mean is as even as a paint, where all that it shows moves through.
  const auto shot = [](int shine) {
    return changing([=](int x, int y, int n) {
      const int scene = 90 + (n % 2 ? 5 : -5) + (foliage(x, y) - 90) / 16;
      const bool bar = left_bar.contains(x, y) || right_bar.contains(x, y);
      return bar ? 200 + shine * (scene - 90) / 100 : n % 2 ? foliage(x, y) + 5 : foliage(x, y) - 5;
    });
  };
  const FlatMark opaque = flat_mark(filled(told), shot(0)),
                 shining = flat_mark(filled(told), shot(50));
  REQUIRE(opaque.outline);
  REQUIRE(opaque.opaque);
  REQUIRE(!shining.opaque);
}
