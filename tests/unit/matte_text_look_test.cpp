// Text that changes, told by its paints in one frame alone.
#include "matte/text_look.h"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <memory>

#include "matte/glyphs.h"

using namespace cleanplate;

namespace {

constexpr Size picture{240, 100};
constexpr Box place{30, 30, 180, 40};
constexpr int frames = 24, digits = 8;

/// Foliage that another frame shows elsewhere.
int foliage(int x, int y, int n) {
  const unsigned h = (static_cast<unsigned>((x + 3 * n) / 2) * 2654435761U) ^
                     (static_cast<unsigned>(y / 2) * 2246822519U);
  return 60 + static_cast<int>((h >> 13) % 90U);
}

/// Whether a seven-segment digit of 3 samples wide strokes, in a cell of 14 × 22, has a sample.
bool segment(int digit, int u, int v) {
  constexpr std::array<int, 10> lit{0x77, 0x24, 0x5d, 0x6d, 0x2e, 0x6b, 0x7b, 0x25, 0x7f, 0x6f};
  constexpr std::array<Box, 7> at{{{3, 2, 8, 3},
                                   {2, 2, 3, 10},
                                   {9, 2, 3, 10},
                                   {3, 10, 8, 3},
                                   {2, 10, 3, 10},
                                   {9, 10, 3, 10},
                                   {3, 17, 8, 3}}};
  for (int k = 0; k < 7; ++k)
    if ((lit[static_cast<std::size_t>(digit)] >> k & 1) &&
        at[static_cast<std::size_t>(k)].contains(u, v))
      return true;
  return false;
}
/// A number below 0 is none.
bool glyph(int number, int x, int y) {
  constexpr int wide = 18;
  const int u = x - place.x - 14, v = y - place.y - 9;
  if (number < 0 || u < 0 || u >= wide * digits || v < 0 || v >= 22) return false;
  int digit = number;
  for (int k = u / wide; k > 0; --k) digit /= 10;
  return segment(digit % 10, u % wide, v);
}
bool near_glyph(int number, int x, int y, int reach) {
  for (int dy = -reach; dy <= reach; ++dy)
    for (int dx = -reach; dx <= reach; ++dx)
      if (glyph(number, x + dx, y + dy)) return true;
  return false;
}

/// White with a black outline.
int texted(int number, int x, int y, int ground) {
  if (glyph(number, x, y)) return 235;
  return near_glyph(number, x, y, 2) ? 16 : ground;
}
int number_of(int n) { return n % 6 == 5 ? -1 : 10473902 + 7351 * n * n; }

Frame frame_of(const std::function<int(int, int)>& at) {
  Frame f = *Frame::allocate({Layout::grey, 8}, picture);
  const MutableComponentView to = f.writable(0);
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x)
      to.data[y * to.stride + x] = static_cast<std::byte>(at(x, y));
  return f;
}
std::shared_ptr<const TextLook> look(const std::function<int(int, int, int)>& at) {
  CropStack seen({Layout::grey, 8}, picture, {0, 0, picture.width, picture.height});
  for (int n = 0; n < frames; ++n) seen.add(frame_of([&](int x, int y) { return at(x, y, n); }));
  return text_look(seen, place);
}
std::shared_ptr<const Mask> glyphs_in(const TextLook& known,
                                      const std::function<int(int, int)>& at) {
  CropStack one({Layout::grey, 8}, picture, place);
  one.add(frame_of(at));
  const Mask within{place, std::vector<std::uint8_t>(static_cast<std::size_t>(place.area()), 255)};
  return glyph_mask(LevelPicture({Layout::grey, 8}, {one.box(0), {}, {}}, {one.samples(0, 0)}),
                    known, within, one.box(0));
}

}  // namespace

TEST_CASE("text that changes is covered in every frame, with its outline and little else") {
  const auto known =
      look([](int x, int y, int n) { return texted(number_of(n), x, y, foliage(x, y, n)); });
  REQUIRE(known);
  REQUIRE(known->paints.size() == 2);
  for (const int number : {10473902, 88888888, 11111111, 5}) {  // some were never seen
    const auto mask =
        glyphs_in(*known, [&](int x, int y) { return texted(number, x, y, foliage(x, y, 99)); });
    REQUIRE(mask);
    int missed = 0, beside = 0;
    for (int y = place.y; y < place.bottom(); ++y)
      for (int x = place.x; x < place.right(); ++x) {
        const bool covered = mask->at(x, y) > 0;
        missed += !covered && near_glyph(number, x, y, 2);
        beside += covered && !near_glyph(number, x, y, 5);
      }
    CAPTURE(number);
    REQUIRE(missed == 0);
    REQUIRE(beside == 0);
  }
}

TEST_CASE("a frame without the text has none") {
  const auto known =
      look([](int x, int y, int n) { return texted(number_of(n), x, y, foliage(x, y, n)); });
  REQUIRE(known);
  REQUIRE(!glyphs_in(*known, [](int x, int y) { return foliage(x, y, 99); }));
  // Nor one in which something large has the text's colour.
  REQUIRE(!glyphs_in(*known, [](int x, int y) { return x < 120 ? 235 : foliage(x, y, 99); }));
}

TEST_CASE("text that stays the same is no text that changes") {
  REQUIRE(!look([](int x, int y, int n) { return texted(10473902, x, y, foliage(x, y, n)); }));
}

TEST_CASE("text on a bar is left to what fills all of the bar") {
  const Box bar = place.grown(-4);
  REQUIRE(!look([&](int x, int y, int n) {
    const int ground = bar.contains(x, y) ? 30 + foliage(x, y, n) / 10 : foliage(x, y, n);
    return glyph(number_of(n), x, y) ? 235 : ground;
  }));
}

TEST_CASE("text that the scene shines through has no colour that it is told by") {
  REQUIRE(!look([](int x, int y, int n) {
    const int ground = foliage(x, y, n);
    return (texted(number_of(n), x, y, ground) + ground) / 2;
  }));
}

TEST_CASE("where something of another colour comes and goes beside the text, it is not left") {
  const Box lamp{40, 60, 100, 8};
  REQUIRE(!look([&](int x, int y, int n) {
    if (lamp.contains(x, y) && n % 2) return 110 + (x + y) % 3;
    return lamp.contains(x, y) ? 60 : texted(number_of(n), x, y, foliage(x, y, 0));
  }));
}

TEST_CASE("nothing is told of colours where hardly anything round the place is seen") {
  CropStack close({Layout::grey, 8}, picture, place.grown(8));
  for (int n = 0; n < frames; ++n)
    close.add(frame_of([&](int x, int y) { return texted(number_of(n), x, y, foliage(x, y, n)); }));
  REQUIRE(!text_look(close, place.grown(7)));
  REQUIRE(text_look(close, place));
}
