#include "inpaint/fill.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.h"

using namespace cleanplate;

namespace {
/// A grey crop whose samples are `value(x, y)`, and a hole box in it.
struct Case {
  PixelFormat format{Layout::grey, 8};
  Crop crop;
  HoleMasks holes;

  template <class Value>
  Case(int bits, Size size, Box hole, Value value) {
    format.bits = bits;
    crop.planes[0] = {size.width, size.height, {}};
    holes[0] = {size.width, size.height, {}};
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x) {
        crop.planes[0].samples.push_back(static_cast<std::uint16_t>(value(x, y)));
        holes[0].values.push_back(hole.contains(x, y) ? 255 : 0);
      }
  }
  void spoil() {
    for (std::size_t i = 0; i < holes[0].values.size(); ++i)
      if (holes[0].values[i]) crop.planes[0].samples[i] = 0;
  }
};

Filler filler(const Case& c, FillOptions options) {
  auto made = Filler::create(options, c.format, c.holes);
  REQUIRE(made);
  return *std::move(made);
}
}  // namespace

TEST_CASE("a hole in a slope is filled with the slope, at every depth") {
  const int bits = GENERATE(8, 10, 12);
  const Size size = GENERATE(Size{48, 40}, Size{97, 61});
  const int unit = 1 << (bits - 8);
  Case c(bits, size, {size.width / 2 - 8, size.height / 2 - 6, 17, 11},
         [&](int x, int y) { return (40 + x + y / 2) * unit; });
  const auto truth = c.crop.planes[0].samples;
  c.spoil();
  auto f = filler(c, {.grain = 0});
  REQUIRE(f.fill(c.crop, 0));
  double worst = 0;
  for (std::size_t i = 0; i < truth.size(); ++i)
    worst = std::max(worst, std::abs(double(c.crop.planes[0].samples[i]) - truth[i]));
  REQUIRE(worst <= 1.5 * unit);
}

TEST_CASE("an edge goes straight on through the hole") {
  Case c(8, {64, 64}, {28, 20, 10, 24}, [](int x, int y) { return x + y / 2 < 48 ? 60 : 180; });
  const auto truth = c.crop.planes[0].samples;
  c.spoil();
  auto f = filler(c, {.grain = 0});
  REQUIRE(f.fill(c.crop, 0));
  int wrong = 0, holes = 0;
  for (std::size_t i = 0; i < truth.size(); ++i)
    if (c.holes[0].values[i]) {
      ++holes;
      wrong += std::abs(int(c.crop.planes[0].samples[i]) - int(truth[i])) > 60;
    }
  CAPTURE(holes);
  REQUIRE(wrong * 8 < holes);
}

TEST_CASE("nothing outside the hole is written, and what the hole held does not matter") {
  Random random(1);
  Case c(8, {71, 53}, {0, 30, 40, 23}, [&](int, int) { return random.below(256); });
  const auto before = c.crop;
  Case other = c;
  other.spoil();
  auto f = filler(c, {});
  REQUIRE(f.fill(c.crop, 7));
  REQUIRE(f.fill(other.crop, 7));
  for (std::size_t i = 0; i < before.planes[0].samples.size(); ++i)
    if (!c.holes[0].values[i]) REQUIRE(c.crop.planes[0].samples[i] == before.planes[0].samples[i]);
  REQUIRE(c.crop.planes[0].samples == other.crop.planes[0].samples);
}

TEST_CASE("the fill carries the grain of its surroundings") {
  Random random(2);
  Case c(8, {96, 96}, {32, 32, 32, 32},
         [&](int, int) { return std::lround(128 + 4 * random.normal()); });
  c.spoil();
  auto f = filler(c, {.grain = 1});
  REQUIRE(f.fill(c.crop, 0));
  double sum = 0, squares = 0;
  for (int y = 36; y < 60; ++y)
    for (int x = 36; x < 60; ++x) {
      const double v = c.crop.planes[0].samples[static_cast<std::size_t>(y * 96 + x)];
      sum += v;
      squares += v * v;
    }
  const double n = 24 * 24, deviation = std::sqrt(squares / n - sum / n * sum / n);
  REQUIRE(deviation == Approx(4).margin(.8));
}

TEST_CASE("a mask over the whole crop, or of another size, is refused with a sentence") {
  Case c(8, {32, 32}, {0, 0, 32, 32}, [](int, int) { return 9; });
  const auto all = Filler::create({}, c.format, c.holes);
  REQUIRE_FALSE(all);
  REQUIRE(all.error().code == Code::invalid_argument);
  c.holes[0].values[0] = 0;
  auto f = filler(c, {});
  c.crop.planes[0].width = 31;
  const auto filled = f.fill(c.crop, 0);
  REQUIRE_FALSE(filled);
  REQUIRE(filled.error().code == Code::invalid_argument);
}
