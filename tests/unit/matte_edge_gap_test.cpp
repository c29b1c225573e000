#include "matte/edge_gap.h"

#include <catch2/catch.hpp>

using namespace cleanplate;

namespace {

constexpr Size picture{640, 360};  // a gap of 8 samples at most

std::shared_ptr<const Mask> solid(const Box& box) {
  auto mask = std::make_shared<Mask>();
  mask->box = box;
  mask->values.assign(static_cast<std::size_t>(box.area()), 255);
  return mask;
}

}  // namespace

TEST_CASE("a bar that nearly ends at the picture's edge goes on to it, and nowhere else") {
  const auto out = up_to_edges(solid({4, 330, 630, 25}), picture);
  CHECK(out->at(300, 359) == 255);
  CHECK(out->at(300, 355) == 255);
  CHECK(out->at(0, 340) == 255);
  CHECK(out->at(639, 340) == 255);
  CHECK(out->at(300, 340) == 255);
  CHECK(out->at(300, 329) == 0);
}

TEST_CASE(
    "where most of a bar is told near the edge, the rest of it and what it encloses are its") {
  auto ragged = std::make_shared<Mask>(*solid({0, 330, 640, 28}));
  for (int y = 18; y < 28; ++y)
    for (int x = 200; x < 300; ++x) ragged->values[static_cast<std::size_t>(y * 640 + x)] = 0;
  const auto out = up_to_edges(ragged, picture);
  CHECK(out->at(250, 359) == 255);
  CHECK(out->at(250, 353) == 255);
  CHECK(out->at(250, 350) == 255);
  CHECK(out->at(250, 329) == 0);
}

TEST_CASE("what stands farther from the edge, or touches it with a point alone, stays as it is") {
  const auto corner = solid({590, 12, 40, 30});
  CHECK(up_to_edges(corner, picture) == corner);
  auto pin = std::make_shared<Mask>(*solid({300, 200, 60, 155}));
  for (int y = 0; y < 140; ++y)  // above a thin foot there is nothing near the edge
    for (int x = 0; x < 60; ++x) pin->values[static_cast<std::size_t>(y * 60 + x)] = 255;
  for (int y = 140; y < 155; ++y)
    for (int x = 0; x < 60; ++x)
      pin->values[static_cast<std::size_t>(y * 60 + x)] = x < 5 ? 255 : 0;
  CHECK(up_to_edges(pin, picture)->at(302, 359) == 0);
}
