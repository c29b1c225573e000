// Paints that the contrast alone speaks for.
#include "matte/painted_mark.h"

#include <catch2/catch.hpp>
#include <cmath>

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

struct Laid {
  float alpha = 0;
  Contrast colour{};
};
Laid white_ring(int x, int y) { return {in_ring(x, y) ? .4f : 0.f, {235, 128, 128}}; }

/// Texture that moves. @param of  what is laid on a sample.
template <class Of>
CropStack pictures(Of&& of) {
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
          const Laid on = of(x, y);
          const float plate = c ? 128 : texture.at(x + t, y);
          const float v =
              (1 - on.alpha) * plate + on.alpha * on.colour[static_cast<std::size_t>(c)];
          to.data[y * to.stride + x] = static_cast<std::byte>(v + .5f);
        }
    }
    out.add(f);
  }
  return out;
}
Laid nothing(int, int) { return {}; }

/// D as it is where gradients round a mark leak into it: all that the ring encloses has some.
std::array<Field, 3> leaking(float ring, float inside) {
  std::array<Field, 3> d{Field(side, side), Field(side, side), Field(side, side)};
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      if (in_disc(x, y)) d[0].at(x, y) = in_ring(x, y) ? ring : inside;
  return d;
}

template <class Of>
PaintedMark painted(Of&& of, std::array<Field, 3> contrast) {
  const CropStack seen = pictures(of);
  return paint_mark(seen, pictures(nothing), evidence_of(seen, std::move(contrast), {7, 7, 7}),
                    Field(side, side, 1));
}

}  // namespace

TEST_CASE("what no border in the picture vanishes with is no mark") {
  CHECK(painted(nothing, leaking(14, 14)).paints.empty());
}

TEST_CASE("a ring is found where the contrast fills it") {
  const PaintedMark mark = painted(white_ring, leaking(26, 22));
  REQUIRE_FALSE(mark.paints.empty());
  int right = 0;
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      right += (mark.map.paint[mark.map.index(x, y)] != 0) == in_ring(x, y);
  CHECK(right > .95 * side * side);
}

TEST_CASE("parts whose colours the contrast does not tell apart have a paint each") {
  constexpr Box left{16, 30, 28, 36}, right{52, 30, 28, 36};
  constexpr Contrast blue{200, 160, 100}, orange{200, 90, 160};
  const auto two = [&](int x, int y) {
    return left.contains(x, y)    ? Laid{.4f, blue}
           : right.contains(x, y) ? Laid{.4f, orange}
                                  : Laid{};
  };
  std::array<Field, 3> contrast{Field(side, side), Field(side, side), Field(side, side)};
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      if (two(x, y).alpha > 0) contrast[0].at(x, y) = 44;
  const PaintedMark mark = painted(two, contrast);
  const auto colour_at = [&](const Box& box, std::size_t c) {
    const std::uint8_t p =
        mark.map.paint[mark.map.index(box.x + box.width / 2, box.y + box.height / 2)];
    REQUIRE(p > 0);
    const Paint& paint = mark.paints[p - 1U];
    return paint.premultiplied[c] / static_cast<float>(paint.alpha);
  };
  for (const std::size_t c : {1U, 2U}) {
    CHECK(std::abs(colour_at(left, c) - blue[c]) < 10);
    CHECK(std::abs(colour_at(right, c) - orange[c]) < 10);
  }
}
