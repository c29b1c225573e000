// Paints that the contrast alone speaks for.
#include "matte/painted_mark.h"

#include <catch2/catch.hpp>

#include "core/random.h"

using namespace cleanplate;

namespace {

constexpr int side = 96, middle = side / 2, frames = 16;
constexpr PixelFormat format{Layout::yuv444, 8};

bool in_ring(int x, int y) {
  const int d = (x - middle) * (x - middle) + (y - middle) * (y - middle);
  return d < 22 * 22 && d > 16 * 16;
}
bool in_disc(int x, int y) {
  return (x - middle) * (x - middle) + (y - middle) * (y - middle) < 22 * 22;
}

/// Texture that moves; white at .4 in the ring, if there is one.
CropStack pictures(bool marked) {
  Random random(3);
  Field texture(side + frames, side);
  for (float& v : texture.values) v = static_cast<float>(60 + random.below(60));
  texture = box_mean(texture, 1);
  CropStack out(format, {side, side}, {0, 0, side, side});
  for (int t = 0; t < frames; ++t) {
    Frame f = *Frame::allocate(format, {side, side});
    for (int c = 0; c < 3; ++c) {
      const MutableComponentView to = f.writable(c);
      for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
          float v = c ? 128 : texture.at(x + t, y);
          if (marked && in_ring(x, y)) v = .6f * v + .4f * (c ? 128 : 235);
          to.data[y * to.stride + x] = static_cast<std::byte>(v + .5f);
        }
    }
    out.add(f);
  }
  return out;
}

/// D as it is where gradients round a mark leak into it: all that the ring encloses has some.
std::array<Field, 3> leaking(float ring, float inside) {
  std::array<Field, 3> d{Field(side, side), Field(side, side), Field(side, side)};
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      if (in_disc(x, y)) d[0].at(x, y) = in_ring(x, y) ? ring : inside;
  return d;
}

PaintedMark painted(bool marked, std::array<Field, 3> contrast) {
  const CropStack seen = pictures(marked);
  return paint_mark(seen, pictures(false), evidence_of(seen, std::move(contrast), {7, 7, 7}),
                    Field(side, side, 1));
}

}  // namespace

TEST_CASE("what no border in the picture vanishes with is no mark") {
  CHECK(painted(false, leaking(14, 14)).paints.empty());
}

TEST_CASE("a ring is found where the contrast fills it") {
  const PaintedMark mark = painted(true, leaking(26, 22));
  REQUIRE_FALSE(mark.paints.empty());
  int right = 0;
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      right += (mark.map.paint[mark.map.index(x, y)] != 0) == in_ring(x, y);
  CHECK(right > .95 * side * side);
}
