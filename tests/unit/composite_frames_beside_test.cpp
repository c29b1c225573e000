// Which frames are looked at for what a moving mark hides.
#include "composite/frames_beside.h"

#include <algorithm>
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

TEST_CASE("of a mark that rests a camera that moves shows what it hides") {
  FramesBeside beside(video());
  found(beside, 0, beside.after());
  const auto frames = beside.showing(*square(20), beside.after(), FramesBeside::Camera::may_move);
  REQUIRE(frames.size() >= 8);
  REQUIRE(std::any_of(frames.begin(), frames.end(), [](const auto& f) { return f.away < -10; }));
  REQUIRE(std::any_of(frames.begin(), frames.end(), [](const auto& f) { return f.away > 10; }));
}

TEST_CASE("fewer large pictures wait for what a moving mark hides") {
  VideoInfo large = video();
  large.size = {3840, 2160};
  REQUIRE(FramesBeside(large).after() == 8);
  REQUIRE(FramesBeside(video()).after() == 30);
}

TEST_CASE("of a frame that waits no longer the piece is kept that those after it look at") {
  VideoInfo large = video();
  large.size = {3840, 2160};
  FramesBeside beside(large);
  Frame frame = *Frame::allocate(large.format, large.size);
  for (int c = 0; c < 3; ++c) {
    const MutableComponentView view = frame.writable(c);
    for (int y = 0; y < view.height; ++y)
      for (int x = 0; x < view.width; ++x)
        view.data[y * view.stride + x] = static_cast<std::byte>((3 * x + 7 * y + c) & 255);
  }
  const int last = FramesBeside::before + 8, now = last - beside.after();
  for (int n = 0; n <= last; ++n) REQUIRE(beside.push(frame, n, {square(200 + 8 * n)}));
  const auto mask = square(200 + 8 * now);
  const auto frames = beside.showing(*mask, now);
  int pieces = 0;
  for (const FrameBeside& each : frames) {
    CAPTURE(each.away);
    const Box looked = OverlayRestorer::looked_at(mask->box, large.format, large.size);
    REQUIRE(looked.intersect(each.at) == looked);
    REQUIRE(each.frame->size() == Size{each.at.width, each.at.height});
    pieces += each.at.width < large.size.width;
    for (int c = 0; c < 3; ++c) {
      const ComponentView piece = each.frame->component(c), whole = frame.component(c);
      const int left = each.at.x >> (c > 0), top = each.at.y >> (c > 0);
      for (const int y : {0, piece.height / 2, piece.height - 1})
        REQUIRE(std::equal(piece.data + y * piece.stride,
                           piece.data + y * piece.stride + piece.width,
                           whole.data + (top + y) * whole.stride + left));
    }
  }
  REQUIRE(pieces > 3);
}
