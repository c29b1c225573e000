// Paints that run into each other, and such that do not.
#include "matte/shading.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace cleanplate;

namespace {

constexpr int width = 64, height = 40;

struct Made {
  Evidence evidence;
  PaintedMark mark;
};

/// @param of  a sample's paint and D.
template <class Of>
Made made(std::vector<Paint> paints, Of&& of) {
  Made out;
  out.evidence.components = 3;
  out.evidence.spread = {1, 1, 1};
  for (std::size_t c = 0; c < 3; ++c)
    out.evidence.mean[c] = out.evidence.contrast[c] = Field(width, height);
  out.evidence.change.resize(out.evidence.mean[0].size());
  out.mark.map = {width, height, std::vector<std::uint8_t>(out.evidence.mean[0].size()), {}};
  for (int y = 5; y < 35; ++y)
    for (int x = 0; x < width; ++x) {
      const auto [paint, d] = of(x);
      const std::size_t i = out.mark.map.index(x, y);
      out.mark.map.paint[i] = paint;
      for (std::size_t c = 0; c < 3; ++c)
        out.evidence.contrast[c].values[i] = d[c], out.evidence.mean[c].values[i] = 100 + d[c];
    }
  find_solid(out.mark.map);
  find_cores(out.mark.map, paints);
  out.mark.paints = std::move(paints);
  return out;
}

Paint paint(const Contrast& d) {
  Paint out;
  out.contrast = d;
  out.alpha = .4;
  for (std::size_t c = 0; c < 3; ++c) out.premultiplied[c] = d[c] + 40;
  return out;
}

CropStack picture() {
  CropStack out({Layout::yuv444, 8}, {width, height}, {0, 0, width, height});
  out.add(*Frame::allocate({Layout::yuv444, 8}, {width, height}));
  return out;
}

using Sample = std::pair<std::uint8_t, Contrast>;

}  // namespace

TEST_CASE("a paint at another's fringe is not what it runs into") {
  constexpr Contrast white{40, 4, -3}, mixed{32, 3, -2}, green{22, -18, -5}, none{};
  Made m = made({paint(white), paint(green)}, [&](int x) {
    if (x >= 5 && x < 24) return Sample{1, white};
    if (x >= 24 && x < 27) return Sample{2, mixed};  // the first one's edge
    if (x >= 40 && x < 58) return Sample{2, green};
    return Sample{0, none};
  });
  const Shading shading = take_off_shading(picture(), m.evidence, m.mark);
  REQUIRE(m.mark.paints.size() == 2);
  REQUIRE(shading[0].empty());
}

TEST_CASE("paints that meet without a step are one that is shaded") {
  constexpr Contrast left{40, 0, 0}, right{20, 0, 0};
  Made m = made({paint(left), paint(right)}, [&](int x) {
    if (x < 5 || x >= 59) return Sample{0, {}};
    const float d = 44 - .5f * static_cast<float>(x - 5);
    return Sample{static_cast<std::uint8_t>(x < 32 ? 1 : 2), {d, 0, 0}};
  });
  const Shading shading = take_off_shading(picture(), m.evidence, m.mark);
  REQUIRE(m.mark.paints.size() == 1);
  REQUIRE(m.mark.paints[0].shaded);
  REQUIRE(shading[0].at(10, 20) > shading[0].at(50, 20) + 10);
}

TEST_CASE("a stroke far from where a paint is seen to be shaded has its middle colour") {
  Made m = made({paint({40, 0, 0}), paint({20, 0, 0})}, [&](int x) {
    if (x >= 56 && x < 59) return Sample{1, {32, 0, 0}};
    if (x < 5 || x >= 35) return Sample{0, {}};
    const float d = 44 - .8f * static_cast<float>(x - 5);
    return Sample{static_cast<std::uint8_t>(x < 20 ? 1 : 2), {d, 0, 0}};
  });
  const Shading shading = take_off_shading(picture(), m.evidence, m.mark);
  REQUIRE(m.mark.paints.size() == 1);
  REQUIRE(std::abs(shading[0].at(57, 20)) < 1);
}
