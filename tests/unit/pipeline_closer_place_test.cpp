// A place found on a coarse grid, and the mark in it.
#include "pipeline/closer_place.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.h"

using namespace cleanplate;

namespace {

constexpr Box grid{100, 50, 120, 80};
constexpr Box line{130, 80, 60, 10};
constexpr Box digits{150, 94, 30, 14};

Likely looks(const Box& box, float probability = .9f) {
  Likely out{Field(grid.width, grid.height), .4};
  for (int y = box.y; y < box.bottom(); ++y)
    for (int x = box.x; x < box.right(); ++x) out.overlay.at(x - grid.x, y - grid.y) = probability;
  return out;
}

MatteEstimate estimate(const Box& box) {
  MatteEstimate out;
  out.model = std::make_shared<OverlayModel>();
  out.support = std::make_shared<Mask>();
  out.support->box = grid;
  for (int y = grid.y; y < grid.bottom(); ++y)
    for (int x = grid.x; x < grid.right(); ++x)
      out.support->values.push_back(box.contains(x, y) ? 255 : 0);
  return out;
}

/// A flat scene with a sensor's noise, and a brighter line, half seen through, where asked for.
/// @param changing  whether digits below it come and go.
CropStack place(bool marked, bool changing = false) {
  CropStack out({Layout::grey, 8}, {320, 200}, grid);
  Random noise(7);
  for (int n = 0; n < 12; ++n) {
    Frame f = *Frame::allocate({Layout::grey, 8}, {320, 200});
    const MutableComponentView to = f.writable(0);
    for (int y = 0; y < 200; ++y)
      for (int x = 0; x < 320; ++x)
        to.data[y * to.stride + x] = static_cast<std::byte>(
            std::lround((marked && line.contains(x, y)                          ? 160
                         : changing && digits.contains(x, y) && (x + n) % 7 < 3 ? 200
                                                                                : 90) +
                        1.5 * noise.normal()));
    out.add(f);
  }
  return out;
}

}  // namespace

TEST_CASE("a place that tells too little is estimated anew where it looks like a mark") {
  Field hint(grid.width, grid.height, 1);
  MatteEstimate matte;  // nothing stood out
  bool by_looks = false;
  look_closer(place(true), place(false), grid.grown(-16), looks(line), hint, matte, by_looks);
  REQUIRE(matte.model);
  CHECK(by_looks);
  CHECK(hint.at(0, 0) == 0);
  CHECK(hint.at(line.x - grid.x, line.y - grid.y) > 0);
  for (int y = grid.y; y < grid.bottom(); ++y)
    for (int x = grid.x; x < grid.right(); ++x)
      if (!line.grown(3).contains(x, y)) REQUIRE(matte.support->at(x, y) == 0);
}

TEST_CASE("a place in which something changes beside what looks like a mark stays as it is") {
  Field hint(grid.width, grid.height, 1);
  MatteEstimate matte;
  bool by_looks = false;
  look_closer(place(true, true), place(false), grid.grown(-16), looks(line), hint, matte, by_looks);
  CHECK_FALSE(matte.model);
  CHECK_FALSE(by_looks);
  CHECK(hint.at(0, 0) == 1);
}

TEST_CASE("a place whose mark may be opaque stays as it is, as it is filled") {
  Field hint(grid.width, grid.height, 1);
  MatteEstimate matte;
  bool by_looks = false;
  Likely opaque = looks(line);
  opaque.opacity = .97;
  look_closer(place(true), place(false), grid.grown(-16), opaque, hint, matte, by_looks);
  CHECK_FALSE(matte.model);
  CHECK(hint.at(0, 0) == 1);
}

TEST_CASE("what the looks told well is kept, and its times are told where it looks like a mark") {
  Field hint(grid.width, grid.height, 1);
  MatteEstimate matte = estimate(line);
  const auto model = matte.model;
  matte.left = .05;
  bool by_looks = true;
  look_closer(place(true), place(false), grid.grown(-16), looks(line), hint, matte, by_looks);
  CHECK(matte.model == model);
  CHECK(hint.at(0, 0) == 0);
}

TEST_CASE("what the frames told well is as large as they tell, whatever it looks like") {
  Field hint(grid.width, grid.height, 1);
  MatteEstimate matte = estimate(line);
  matte.left = .05;
  bool by_looks = false;
  look_closer(place(true), place(false), grid.grown(-16), looks(line), hint, matte, by_looks);
  CHECK_FALSE(by_looks);
  CHECK(hint.at(0, 0) == 1);
}

TEST_CASE("a mark that looks smaller than its place is looked for where it looks like one") {
  Field hint(grid.width, grid.height, 1);
  const Box hidden{180, 50, 40, 80};  // where it may not be
  for (int y = hidden.y; y < hidden.bottom(); ++y)
    for (int x = hidden.x; x < hidden.right(); ++x) hint.at(x - grid.x, y - grid.y) = 0;
  const Field near = narrowed(hint, looks(line, .4f));
  REQUIRE(near.size() == hint.size());
  for (int y = grid.y; y < grid.bottom(); ++y)
    for (int x = grid.x; x < grid.right(); ++x) {
      CAPTURE(x, y);
      const bool may = line.grown(3).contains(x, y) && !hidden.contains(x, y);
      REQUIRE((near.at(x - grid.x, y - grid.y) > 0) == may);
    }
}

TEST_CASE("looks that fill the place, see nothing or were not asked leave it as it is") {
  const Field hint(grid.width, grid.height, 1);
  CHECK(narrowed(hint, looks(grid.grown(-4))).empty());
  CHECK(narrowed(hint, looks(line, .2f)).empty());
  CHECK(narrowed(hint, {}).empty());
}

TEST_CASE("a found place becomes as small as the frames and the looks tell alike") {
  const Box found{120, 60, 84, 48};
  const Box wider{128, 78, 66, 12};
  CHECK(closer_place(found, estimate(wider), looks(line), grid) == wider);
  // Both count: what only one of them sees of it is the mark's too.
  CHECK(closer_place(found, estimate({130, 80, 50, 14}), looks(line), grid) ==
        Box{130, 80, 60, 14});
}

TEST_CASE("a found place stays where the frames tell a small piece of what looks like the mark") {
  const Box found{120, 60, 84, 48};
  CHECK(closer_place(found, estimate({130, 80, 20, 10}), looks(line), grid) == found);
  CHECK(closer_place(found, {}, looks(line), grid) == found);
  CHECK(closer_place(found, estimate(line), {}, grid) == found);
  CHECK(closer_place(line.grown(-2), estimate(line), looks(line), grid) == line.grown(-2));
}

TEST_CASE("a place that also takes in something else is closed in on what is plain to see") {
  Detection found;
  found.box = grid;
  found.score = .75;
  MatteEstimate matte = estimate(line);
  matte.stands_out = 9, matte.left = .02;
  CHECK(clear_place(found, matte) == line);

  found.score = .6;  // much of the scene stays too
  CHECK(clear_place(found, matte) == grid);
  found.score = .75, matte.stands_out = 3;
  CHECK(clear_place(found, matte) == grid);
  matte.stands_out = 9, matte.left = .3;
  CHECK(clear_place(found, matte) == grid);
  CHECK(clear_place(found, {}) == grid);
}
