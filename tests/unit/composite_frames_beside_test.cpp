// Which frames are looked at for what a moving mark hides.
#include "composite/frames_beside.h"

#include <catch2/catch.hpp>
#include <cstdlib>

using namespace cleanplate;

namespace {

std::shared_ptr<const Mask> square(int left) {
  auto mask = std::make_shared<Mask>();
  mask->box = {left, 40, 60, 40};
  mask->values.assign(static_cast<std::size_t>(mask->box.area()), 255);
  return mask;
}

VideoInfo video() {
  VideoInfo info;
  info.size = {640, 360};
  info.format = {Layout::yuv420, 8};
  return info;
}

/// A mark that goes so many samples a frame, looked at in the middle.
std::vector<FrameBeside> found(FramesBeside& beside, int speed, int middle) {
  const Frame frame = *Frame::allocate(video().format, video().size);
  for (int n = 0; n <= 2 * middle; ++n) REQUIRE(beside.push(frame, n, {square(20 + speed * n)}));
  return beside.showing(*square(20 + speed * middle), middle);
}

}  // namespace

TEST_CASE("all that a moving mark hides is seen in a few of the frames that it is elsewhere in") {
  FramesBeside beside(video());
  const int middle = beside.after();
  const auto frames = found(beside, 4, middle);
  REQUIRE(!frames.empty());
  REQUIRE(frames.size() <= 16);
  for (std::size_t k = 1; k < frames.size(); ++k)
    REQUIRE(std::abs(frames[k].away) >= std::abs(frames[k - 1].away));
  const auto hidden = square(20 + 4 * middle);
  for (int x = hidden->box.x; x < hidden->box.right(); ++x) {
    bool seen = false;
    for (const FrameBeside& f : frames) seen = seen || f.masks[0]->at(x, 60) == 0;
    CAPTURE(x);
    REQUIRE(seen);
  }
}

TEST_CASE("of a mark that rests no frame shows what it hides") {
  FramesBeside beside(video());
  REQUIRE(found(beside, 0, beside.after()).empty());
}

TEST_CASE("fewer large pictures wait for what a moving mark hides") {
  VideoInfo large = video();
  large.size = {3840, 2160};
  REQUIRE(FramesBeside(large).after() == 8);
  REQUIRE(FramesBeside(video()).after() == 30);
}
