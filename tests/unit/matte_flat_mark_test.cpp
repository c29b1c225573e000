// A mark known by its own flat paints.
#include "matte/flat_mark.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

using namespace cleanplate;

namespace {

constexpr Size picture{160, 120};
constexpr Box around{8, 8, 144, 104}, told{40, 30, 80, 60};
constexpr Box left_bar{48, 38, 24, 44}, right_bar{80, 38, 24, 44}, dot{54, 50, 7, 7};

/// Foliage that stands still.
int scenery(int x, int y) {
  const unsigned h =
      (static_cast<unsigned>(x / 2) * 2654435761U) ^ (static_cast<unsigned>(y / 2) * 2246822519U);
  return 60 + static_cast<int>((h >> 13) % 90U);
}

/// Frames of the luma that `at` says.
CropStack seen(const std::function<int(int, int)>& at) {
  CropStack out({Layout::grey, 8}, picture, around);
  for (int n = 0; n < 6; ++n) {
    Frame f = *Frame::allocate({Layout::grey, 8}, picture);
    const MutableComponentView to = f.writable(0);
    for (int y = 0; y < picture.height; ++y)
      for (int x = 0; x < picture.width; ++x)
        to.data[y * to.stride + x] = static_cast<std::byte>(at(x, y));
    out.add(f);
  }
  return out;
}

/// Two white bars with a gap, a black dot in one.
int bars(int x, int y) {
  if (dot.contains(x, y)) return 16;
  return left_bar.contains(x, y) || right_bar.contains(x, y) ? 235 : scenery(x, y);
}

Mask filled(const Box& box) {
  Mask out{around, {}};
  for (int y = around.y; y < around.bottom(); ++y)
    for (int x = around.x; x < around.right(); ++x)
      out.values.push_back(box.contains(x, y) ? 255 : 0);
  return out;
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
                                               ? (235 + scenery(x, y)) / 2
                                               : scenery(x, y);
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
  const CropStack flickering = [&] {
    CropStack out({Layout::grey, 8}, picture, around);
    for (int n = 0; n < 6; ++n) {
      Frame f = *Frame::allocate({Layout::grey, 8}, picture);
      const MutableComponentView to = f.writable(0);
      for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x)
          to.data[y * to.stride + x] = static_cast<std::byte>(
              lamp.contains(x, y)                                   ? (n % 2 ? 180 : 220)
              : left_bar.contains(x, y) || right_bar.contains(x, y) ? bars(x, y)
                                                                    : scenery(x + 2 * n, y));
      out.add(f);
    }
    return out;
  }();
  const FlatMark flat = flat_mark(filled(told), flickering);
  REQUIRE(flat.outline);
  for (int y = lamp.y + 2; y < lamp.bottom(); ++y)
    for (int x = lamp.x; x < lamp.right(); ++x) REQUIRE(flat.outline->at(x, y) == 0);
  REQUIRE(flat.outline->at(dot.x + 3, dot.y + 3) == 255);
}
