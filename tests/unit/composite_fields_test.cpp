#include <catch2/catch.hpp>

#include "../reference/every_device.h"
#include "composite/hole_filler.h"

using namespace cleanplate;

namespace {
constexpr int width = 64, height = 64;

std::size_t at(int x, int y) { return static_cast<std::size_t>(y * width + x); }

HoleMasks square_hole() {
  HoleMasks out;
  out[0] = {width, height, std::vector<std::uint8_t>(at(0, height))};
  for (int y = 24; y < 40; ++y)
    for (int x = 24; x < 40; ++x) out[0].values[at(x, y)] = 255;
  return out;
}

/// Rows of one field are dark, those of the other bright; the hole holds a mark.
Crop combed(int dark, int bright) {
  Crop crop;
  crop.planes[0] = {width, height, std::vector<std::uint16_t>(at(0, height))};
  const HoleMasks hole = square_hole();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      crop.planes[0].samples[at(x, y)] = static_cast<std::uint16_t>(hole[0].values[at(x, y)] ? 235
                                                                    : y % 2 ? bright
                                                                            : dark);
  return crop;
}

/// The greatest difference from a comb.
int off(const Crop& crop, int dark, int bright) {
  int most = 0;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      most = std::max(most, std::abs(crop.planes[0].samples[at(x, y)] - (y % 2 ? bright : dark)));
  return most;
}
}  // namespace

TEST_CASE("fields of an interlaced picture are filled each from its own rows") {
  for (const bool other_frames : {false, true})
    for (const int first_row : {0, 1})
      for (const bool there : {false, true}) {  // a device has the crops, and works late
        const auto strict = std::make_shared<StrictDevice>();
        const Device device = there ? Device(strict) : plain_device();
        Stream stream = must(device.core().stream());
        const Buffer memory = must(device.core().allocate(at(0, height) * 2));
        HoleOrder order;
        order.other_frames = other_frames;
        order.fields = true;
        order.first_row = {first_row, 0, 0};
        auto filler = HoleFiller::create(order, device, {Layout::grey, 8}, square_hole());
        REQUIRE(filler);
        int given = 0;
        for (int n = 0; n < 20; ++n) {
          const Crop crop = combed(60, 150);
          const auto view = memory.view<std::uint16_t>(width, height);
          must(stream.upload(view, crop.planes[0].samples.data(), view.stride));
          must(filler->look(stream, crop, {view}, n));
          must(stream.wait());  // the crop goes
        }
        must(filler->flush(stream));
        for (; filler->ready(); filler->pop(), ++given) REQUIRE(off(filler->front(), 60, 150) <= 8);
        REQUIRE(given == 20);
        REQUIRE(strict->violations() == std::vector<std::string>{});
      }
}

TEST_CASE("as one picture the rows of two fields run into each other") {
  const Device device = plain_device();
  Stream stream = must(device.core().stream());
  HoleOrder order;
  order.other_frames = false;
  auto filler = HoleFiller::create(order, device, {Layout::grey, 8}, square_hole());
  REQUIRE(filler);
  REQUIRE(filler->look(stream, combed(60, 150), {}, 0));
  REQUIRE(off(filler->front(), 60, 150) > 20);
}
