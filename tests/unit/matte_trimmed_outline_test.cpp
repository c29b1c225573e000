// An outline without the scene at its rim.
#include "matte/trimmed_outline.h"

#include <catch2/catch.hpp>
#include <functional>

using namespace cleanplate;

namespace {

constexpr Size picture{160, 120};
constexpr Box around{8, 8, 144, 104}, stroke{50, 50, 60, 9};

int foliage(int x, int y) {
  const unsigned h =
      (static_cast<unsigned>(x / 2) * 2654435761U) ^ (static_cast<unsigned>(y / 2) * 2246822519U);
  return 60 + static_cast<int>((h >> 13) % 90U);
}

CropStack seen(const std::function<int(int, int)>& at) {
  CropStack out({Layout::grey, 8}, picture, around);
  for (int n = 0; n < 3; ++n) {
    Frame f = *Frame::allocate({Layout::grey, 8}, picture);
    const MutableComponentView to = f.writable(0);
    for (int y = 0; y < picture.height; ++y)
      for (int x = 0; x < picture.width; ++x)
        to.data[y * to.stride + x] = static_cast<std::byte>(at(x, y));
    out.add(f);
  }
  return out;
}

Mask filled(const Box& box) {
  Mask out{around, {}};
  for (int y = around.y; y < around.bottom(); ++y)
    for (int x = around.x; x < around.right(); ++x)
      out.values.push_back(box.contains(x, y) ? 255 : 0);
  return out;
}

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
