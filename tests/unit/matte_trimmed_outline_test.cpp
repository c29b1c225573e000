// An outline without the scene at its rim.
#include "matte/trimmed_outline.h"

#include <catch2/catch.hpp>

#include "still_place.h"

using namespace cleanplate;
using namespace cleanplate::still_place;

namespace {

constexpr Box stroke{50, 50, 60, 9};

int kept(const Mask& mask, const Box& within) {
  int count = 0;
  for (int y = within.y; y < within.bottom(); ++y)
    for (int x = within.x; x < within.right(); ++x) count += mask.at(x, y) > 0;
  return count;
}

/// Dense in the stroke.
OverlayModel model_of(const Box& dense) {
  OverlayModel model;
  model.alpha_peak = .8;
  model.mattes[0].box = around;
  for (int y = around.y; y < around.bottom(); ++y)
    for (int x = around.x; x < around.right(); ++x)
      model.mattes[0].alpha.push_back(dense.contains(x, y) ? .8f : 0.f);
  return model;
}

}  // namespace

TEST_CASE(
    "before foliage an outline loses most of what it has beside a stroke, none of the stroke") {
  const auto there = seen([](int x, int y) { return stroke.contains(x, y) ? 235 : foliage(x, y); });
  const Box wide = stroke.grown(2);
  const OverlayModel model = model_of(stroke.grown(-2));
  const auto trimmed = trimmed_outline(filled(wide), &model, {}, there);
  REQUIRE(kept(*trimmed, stroke) == stroke.area());
  REQUIRE(kept(*trimmed, wide) - stroke.area() < (wide.area() - stroke.area()) / 2);
}

TEST_CASE("before a sky an outline keeps the least trace of a mark, and loses the sky") {
  const Box trace = stroke.grown(2);
  const auto there = seen([&](int x, int y) {
    return stroke.contains(x, y) ? 235 : trace.contains(x, y) ? 124 : 120;
  });
  const OverlayModel model = model_of(stroke);
  const auto trimmed = trimmed_outline(filled(trace.grown(3)), &model, {}, there);
  REQUIRE(kept(*trimmed, trace) == trace.area());
  REQUIRE(kept(*trimmed, around) == trace.area());
}

TEST_CASE("what is surely the mark's stays in an outline though it looks like the scene") {
  const auto there = seen(foliage);
  const OverlayModel model = model_of(stroke);
  REQUIRE(kept(*trimmed_outline(filled(stroke.grown(2)), &model, {}, there), stroke) ==
          stroke.area());
  Likely likely{Field(around.width, around.height), .5};
  for (int y = stroke.y; y < stroke.bottom(); ++y)
    for (int x = stroke.x; x < stroke.right(); ++x)
      likely.overlay.at(x - around.x, y - around.y) = 1;
  REQUIRE(kept(*trimmed_outline(filled(stroke.grown(2)), nullptr, likely, there), stroke) ==
          stroke.area());
}
