// A hole that moves on, filled from frames in which it lies elsewhere.
#include "inpaint/uncover.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "../reference/every_device.h"
#include "box_holes.h"

using namespace cleanplate;

namespace {

constexpr PixelFormat format{Layout::yuv420, 8};
constexpr Size crop_size{160, 120};
constexpr Box hole{60, 45, 32, 28};

/// Waves in two directions, from (left, 0).
Crop look(double left, const Box& painted, int bright = 0) {
  const HoleMasks holes = box_holes::holes_of(format, crop_size, painted);
  Crop out;
  for (std::size_t c = 0; c < 3; ++c) {
    const int shift = c > 0;
    CropPlane& plane = out.planes[c];
    plane = {holes[c].width, holes[c].height, {}};
    for (int y = 0; y < plane.height; ++y)
      for (int x = 0; x < plane.width; ++x) {
        const double u = (x << shift) + left, v = y << shift;
        const double wave = std::sin(u / 5) + std::sin(v / 4 + u / 11) + std::sin((u - v) / 7);
        const bool hidden = holes[c].values[plane.samples.size()] > 0;
        plane.samples.push_back(
            static_cast<std::uint16_t>(hidden ? 250 : std::lround(90 + bright + 20 * wave)));
      }
  }
  return out;
}

OtherFrame other(double left, const Box& painted, int away, int bright = 0) {
  return {look(left, painted, bright), box_holes::holes_of(format, crop_size, painted), away};
}

/// Root mean square error of the luma in the hole.
double error(const Crop& filled) {
  const Crop truth = look(0, {});
  double sum = 0;
  for (int y = hole.y; y < hole.bottom(); ++y)
    for (int x = hole.x; x < hole.right(); ++x) {
      const auto i = static_cast<std::size_t>(y * crop_size.width + x);
      sum += std::pow(filled.planes[0].samples[i] - truth.planes[0].samples[i], 2);
    }
  return std::sqrt(sum / static_cast<double>(hole.area()));
}

Crop filled(const std::vector<OtherFrame>& others, double& share,
            const Device& device = plain_device()) {
  auto made = Uncoverer::create(device, format, box_holes::holes_of(format, crop_size, hole));
  REQUIRE(made);
  Crop crop = look(0, hole);
  REQUIRE(made->fill(crop, 7, others));
  share = made->share();
  const Crop truth = look(0, hole);
  const HoleMasks holes = box_holes::holes_of(format, crop_size, hole);
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < holes[c].values.size(); ++i)
      if (!holes[c].values[i]) REQUIRE(crop.planes[c].samples[i] == truth.planes[c].samples[i]);
  return crop;
}

}  // namespace

TEST_CASE("what a moving mark hides comes from frames that it is elsewhere in") {
  double share = 0;
  const double alone = error(filled({}, share));
  REQUIRE(share == 0);
  Box before = hole, after = hole;
  before.x -= 40, after.x += 40;
  const double both = error(filled({other(3, before, -5), other(-2, after, 5)}, share));
  CAPTURE(alone, both, share);
  REQUIRE(share > .9);
  REQUIRE(both < 3);
  REQUIRE(alone > 5 * both);
}

TEST_CASE("a mark that lies at the same place in the other frame is not brought over") {
  double share = 0;
  const Crop crop = filled({other(0, hole, 5)}, share);
  REQUIRE(share == 0);
  for (const std::uint16_t s : crop.planes[1].samples) REQUIRE(s < 200);
}

TEST_CASE("another scene shows nothing of what a moving mark hides") {
  double share = 0;
  Box after = hole;
  after.x += 40;
  const double alone = error(filled({}, share));
  const double cut = error(filled({other(0, after, 5, 90)}, share));
  REQUIRE(share == 0);
  REQUIRE(cut == alone);
}

TEST_CASE("of two frames that show something else the nearer one is believed") {
  constexpr Box thing{70, 53, 12, 12};  // moves, behind the hole alone
  Box before = hole, after = hole;
  before.x -= 40, after.x += 40;
  const auto shown = [&](int in_near, int in_far) {
    std::vector<OtherFrame> others{other(0, after, 2, 2), other(0, before, -20, 2)};
    for (std::size_t k = 0; k < others.size(); ++k) {
      CropPlane& luma = others[k].crop.planes[0];
      for (int y = thing.y; y < thing.bottom(); ++y)
        for (int x = thing.x; x < thing.right(); ++x)
          luma.samples[static_cast<std::size_t>(y * luma.width + x)] =
              static_cast<std::uint16_t>(k ? in_far : in_near);
    }
    double share = 0;
    const CropPlane luma = filled(others, share).planes[0];
    return luma.samples[static_cast<std::size_t>(59 * luma.width + 76)];
  };
  const int bright_near = shown(104, 96), bright_far = shown(96, 104);
  CAPTURE(bright_near, bright_far);
  REQUIRE(bright_near - bright_far >= 3);
}

TEST_CASE("somebody who passes beside it makes no other scene of a frame") {
  double share = 0;
  Box after = hole;
  after.x += 40;
  OtherFrame passed = other(0, after, 5);
  CropPlane& luma = passed.crop.planes[0];
  for (int y = 0; y < luma.height; ++y)  // 3 of 8 columns, off the hole
    for (int x = 0; x < 60; ++x) luma.samples[static_cast<std::size_t>(y * luma.width + x)] = 200;
  static_cast<void>(filled({passed}, share));
  REQUIRE(share > 0);  // little: it differs a lot round the hole
}

TEST_CASE(
    "a device that works late uncovers what the host does, and each wait taken out is caught") {
  Box before = hole, after = hole;
  before.x -= 40, after.x += 40;
  const std::vector<OtherFrame> others{other(3, before, -5), other(-2, after, 5)};
  double share = 0;
  const Crop wanted = filled(others, share);
  for (const bool in_place : {false, true}) {
    StrictOptions options;
    options.in_place = in_place;
    const auto whole = std::make_shared<StrictDevice>(options);
    const Crop got = filled(others, share, Device(whole));
    for (std::size_t c = 0; c < 3; ++c)
      REQUIRE((got.planes[c].samples == wanted.planes[c].samples));
    REQUIRE(whole->violations() == std::vector<std::string>{});
    REQUIRE((whole->launches() > 0) == in_place);  // beside a card it is the host's
    for (int k = 0; k < whole->waits(); ++k) {
      options.drop_wait = k;
      const auto strict = std::make_shared<StrictDevice>(options);
      static_cast<void>(filled(others, share, Device(strict)));
      CAPTURE(k);
      CHECK_FALSE(strict->violations().empty());
    }
  }
}
