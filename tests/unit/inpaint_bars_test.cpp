// A hole that a letterbox's edge runs through.
#include "inpaint/bars.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>

#include "../box_holes.h"
#include "../reference/every_device.h"
#include "inpaint/fill.h"
#include "inpaint/propagate.h"

using namespace cleanplate;

namespace {

constexpr PixelFormat format{Layout::yuv420, 8};
constexpr Size size{96, 80};
constexpr Box hole{34, 20, 28, 30};
constexpr int bar = 31, half_lit = 60;  // its rows; the luma of the one after

/// A bright scene that moves to the right, under a bar.
int scene(int x, int y, int frame) {
  if (y < bar) return 16;
  if (y == bar) return half_lit;
  return 170 + static_cast<int>(std::lround(20 * std::sin((x - 2 * frame + y) / 9.)));
}

Crop crop_of(int frame) {
  Crop crop;
  for (std::size_t c = 0; c < 3; ++c) {
    const int shift = c ? 1 : 0;
    CropPlane& p = crop.planes[c];
    p = {size.width >> shift, size.height >> shift, {}};
    for (int y = 0; y < p.height; ++y)
      for (int x = 0; x < p.width; ++x) {
        const bool covered = hole.contains(x << shift, y << shift);
        const int there = c ? (2 * y < bar ? 128 : 110) : scene(x, y, frame);
        p.samples.push_back(static_cast<std::uint16_t>(covered ? 235 : there));
      }
  }
  return crop;
}

/// Greatest error of the luma in the hole.
int worst(const Crop& filled, int frame) {
  int most = 0;
  for (int y = hole.y; y < hole.bottom(); ++y)
    for (int x = hole.x; x < hole.right(); ++x)
      most = std::max(
          most, std::abs(filled.planes[0].samples[static_cast<std::size_t>(y * size.width + x)] -
                         scene(x, y, frame)));
  return most;
}

}  // namespace

TEST_CASE("a fill neither crosses a letterbox's edge nor bends it") {
  const HoleMasks holes = box_holes::holes_of(format, size, hole);
  Filler filler = *Filler::create({}, format, holes);
  Crop crop = crop_of(0);
  REQUIRE(filler.fill(crop, 0));
  REQUIRE(worst(crop, 0) < 40);
  for (int x = hole.x; x < hole.right(); ++x) {
    const auto at = [&](int y) {
      return crop.planes[0].samples[static_cast<std::size_t>(y * size.width + x)];
    };
    REQUIRE(at(bar - 1) == 16);
    REQUIRE(at(bar) == half_lit);
    REQUIRE(at(bar + 1) > 130);
  }
}

TEST_CASE("a letterbox stands still while the scene behind a mark moves") {
  const Device device = plain_device();
  Stream stream = must(device.core().stream());
  Propagator propagator =
      must(Propagator::create({}, device, format, box_holes::holes_of(format, size, hole)));
  int frames = 0;
  const auto check = [&] {
    for (Crop crop; *propagator.pull(stream, crop) == Flow::ok; ++frames) {
      CAPTURE(frames);
      for (int x = hole.x; x < hole.right(); ++x)
        for (int y = hole.y; y < bar; ++y)
          REQUIRE(crop.planes[0].samples[static_cast<std::size_t>(y * size.width + x)] == 16);
      REQUIRE(worst(crop, frames) < 40);
    }
  };
  for (int n = 0; n < 20; ++n) {
    REQUIRE(*propagator.push(stream, crop_of(n), {}, n) == Flow::ok);
    check();
  }
  REQUIRE(propagator.flush());
  check();
  REQUIRE(frames == 20);
}

TEST_CASE("a dark scene is no bar, nor is a bar that no hole reaches") {
  const HoleMasks holes = box_holes::holes_of(format, size, hole);
  BarLines lines;
  REQUIRE(bars_of(crop_of(0), holes, format, lines).sides[0].top == bar + 1);
  Crop slope = crop_of(0);  // black above a line that rises
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      slope.planes[0].samples[static_cast<std::size_t>(y * size.width + x)] =
          y < bar - x / 8 ? 16 : 180;
  REQUIRE(!bars_of(slope, holes, format, lines).any());
  const HoleMasks below = box_holes::holes_of(format, size, {34, 40, 28, 20});
  REQUIRE(!bars_of(crop_of(0), below, format, lines).any());
}
