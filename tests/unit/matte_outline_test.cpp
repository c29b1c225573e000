// What a fill takes for the mark, and whether that is all.
#include "matte/outline.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace cleanplate;

namespace {

constexpr Size picture{128, 96};
constexpr Box around{8, 8, 112, 80}, place{30, 26, 68, 44};
constexpr Box bar{40, 36, 20, 10}, dot{70, 50, 10, 10}, clock{66, 30, 24, 12};

/// A quiet scene; `clock` shows another figure in every frame, if it runs.
CropStack seen(bool runs) {
  CropStack out({Layout::grey, 8}, picture, around);
  for (int n = 0; n < 8; ++n) {
    Frame f = *Frame::allocate({Layout::grey, 8}, picture);
    const MutableComponentView to = f.writable(0);
    for (int y = 0; y < picture.height; ++y)
      for (int x = 0; x < picture.width; ++x) {
        const bool lit = runs && clock.contains(x, y) && (x / 4 + n) % 3 == 0;
        to.data[y * to.stride + x] =
            static_cast<std::byte>(std::lround(lit ? 200 : 100 + 5 * std::sin((x + n) / 6.)));
      }
    out.add(f);
  }
  return out;
}

Mask filled(const Box& box) {
  return {box, std::vector<std::uint8_t>(static_cast<std::size_t>(box.area()), 255)};
}

Likely looks(const Box& box, float probability) {
  Likely out{Field(around.width, around.height), .9};
  for (int y = box.y; y < box.bottom(); ++y)
    for (int x = box.x; x < box.right(); ++x)
      out.overlay.at(x - around.x, y - around.y) = probability;
  return out;
}

}  // namespace

TEST_CASE("an outline has what the frames tell and what its looks tell, and little beside") {
  const Mask told = filled(bar);
  const auto outline = mark_outline(&told, looks(dot, .9f), seen(false), place, Margin::close);
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      CAPTURE(x, y);
      if (bar.grown(1).contains(x, y) || dot.grown(1).contains(x, y))
        REQUIRE(outline->at(x, y) == 255);
      if (!bar.grown(1).contains(x, y) && !dot.grown(1).contains(x, y))
        REQUIRE(outline->at(x, y) == 0);
    }
}

TEST_CASE("what may be a mark's edge by its looks is taken as it is, in doubt with a margin") {
  const auto close = mark_outline(nullptr, looks(dot, .3f), seen(false), place, Margin::close);
  REQUIRE(close->at(dot.x, dot.y) == 255);
  REQUIRE(close->at(dot.x - 1, dot.y) == 0);
  const auto wide = mark_outline(nullptr, looks(dot, .3f), seen(false), place, Margin::wide);
  REQUIRE(wide->at(dot.x - 1, dot.y) == 255);
  REQUIRE(wide->at(dot.x - 2, dot.y) == 0);
}

TEST_CASE("a running clock that an outline leaves out is noticed") {
  const Mask part = filled(bar), all = filled(place);
  REQUIRE(changes_beside(part, seen(true), place));
  REQUIRE(!changes_beside(all, seen(true), place));
  REQUIRE(!changes_beside(part, seen(false), place));
}
