// What a fill must cover though the model of a mark's main paint leaves it out.
#include <catch2/catch.hpp>
#include <cmath>

#include "matte/foreign_colours.h"

using namespace cleanplate;

namespace {

constexpr Size picture{96, 64};
constexpr Box around{10, 6, 76, 52}, place{26, 18, 44, 28};
constexpr Box ring{30, 22, 24, 20}, hole{38, 28, 8, 8}, dot{58, 28, 8, 8};

/// A grey scene that moves, a ring in its colours, a white hole in it and a red dot beside it.
CropStack seen() {
  CropStack out({Layout::yuv420, 8}, picture, around);
  for (int n = 0; n < 8; ++n) {
    auto frame = Frame::allocate({Layout::yuv420, 8}, picture);
    REQUIRE(frame);
    const auto luma = frame->writable(0);
    for (int y = 0; y < picture.height; ++y)
      for (int x = 0; x < picture.width; ++x) {
        double value = 110 + 20 * std::sin((x + 5 * n) / 6.) + 10 * std::sin(y / 5.);
        if (hole.contains(x, y)) value = 235;
        luma.data[y * luma.stride + x] = static_cast<std::byte>(std::lround(value));
      }
    for (int c = 1; c < 3; ++c) {
      const auto to = frame->writable(c);
      for (int y = 0; y < to.height; ++y)
        for (int x = 0; x < to.width; ++x)
          to.data[y * to.stride + x] =
              static_cast<std::byte>(c == 2 && dot.contains(2 * x, 2 * y) ? 220 : 128);
    }
    out.add(*frame);
  }
  return out;
}

Mask ring_only() {
  Mask mask{ring, std::vector<std::uint8_t>(static_cast<std::size_t>(ring.area()), 255)};
  for (int y = hole.y; y < hole.bottom(); ++y)
    for (int x = hole.x; x < hole.right(); ++x)
      mask.values[static_cast<std::size_t>((y - ring.y) * ring.width + x - ring.x)] = 0;
  return mask;
}

}  // namespace

TEST_CASE("a fill also covers what the mark encloses, and its other colours") {
  const auto mask = with_foreign_colours(ring_only(), seen(), place);
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      CAPTURE(x, y);
      if (ring.contains(x, y) || dot.contains(x, y)) REQUIRE(mask->at(x, y) == 255);
      if (!ring.grown(4).contains(x, y) && !dot.grown(4).contains(x, y))
        REQUIRE(mask->at(x, y) == 0);
    }
}

TEST_CASE("no colour is foreign outside the place, however rare") {
  const Box smaller{26, 18, 30, 28};  // without the dot
  const auto mask = with_foreign_colours(ring_only(), seen(), smaller);
  for (int y = dot.y; y < dot.bottom(); ++y)
    for (int x = dot.x; x < dot.right(); ++x) REQUIRE(mask->at(x, y) == 0);
}
