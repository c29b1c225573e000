// Marks in steady motion: found with no hint, and told from things that move in the scene.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "detect/moving_marks.h"
#include "detect/static_candidates.h"

using namespace cleanplate;

namespace {

constexpr Size picture{320, 180};
constexpr int mark_width = 44, mark_height = 28;

struct Place {
  double x, y;
};
constexpr Place away{-1000, -1000};

/// Back and forth between 0 and `span`.
double turning(double way, double span) {
  const double within = std::fmod(way, 2 * span);
  return within < span ? within : 2 * span - within;
}

Place bouncing(int n) { return {10 + turning(90 + 2.6 * n, 250), 8 + turning(40 + 1.5 * n, 130)}; }

/// Opacity of soft strokes that do not repeat.
double ink(double u, double v) {
  if (u < 0 || v < 0 || u >= mark_width || v >= mark_height) return 0;
  return .5 * std::clamp(.5 + std::sin(u / 2.3 + v / 7) + std::sin(v / 2.9 - u / 11), 0., 1.);
}

/// What the camera pans over: soft noise, which is nowhere like itself.
const Field& texture() {
  static const Field made = [] {
    Field noise(picture.width + 320, picture.height + 160);
    std::uint32_t state = 7;
    for (float& v : noise.values) {
      state = state * 1664525u + 1013904223u;
      v = static_cast<float>(state >> 24);
    }
    Field soft = box_mean(box_mean(noise, 3), 2);
    for (float& v : soft.values) v = std::clamp(110 + 5 * (v - 127), 20.f, 200.f);
    return soft;
  }();
  return made;
}

Frame scene(int n, const Place& at) {
  auto frame = Frame::allocate({Layout::grey, 8}, picture);
  REQUIRE(frame);
  const auto to = frame->writable(0);
  const int left = static_cast<int>(std::lround(turning(1.7 * n, 310))),
            top = static_cast<int>(std::lround(turning(.6 * n, 150)));
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      const auto bare = static_cast<double>(texture().at(x + left, y + top));
      const double a = ink(x - at.x, y - at.y);
      to.data[y * to.stride + x] = static_cast<std::byte>(std::lround(a * 235 + (1 - a) * bare));
    }
  frame->pts = n;
  return *std::move(frame);
}

/// The mark in Cb alone, as bright as the scene.
Frame coloured(int n, const Place& at) {
  auto frame = Frame::allocate({Layout::yuv420, 8}, picture);
  REQUIRE(frame);
  const Frame bare = scene(n, away);
  const ComponentView from = bare.component(0);
  for (int p = 0; p < 3; ++p) {
    const auto to = frame->writable(p);
    for (int y = 0; y < to.height; ++y)
      for (int x = 0; x < to.width; ++x)
        to.data[y * to.stride + x] =
            p == 0 ? from.data[y * from.stride + x]
            : p == 1
                ? static_cast<std::byte>(std::lround(120 + 60 * ink(2 * x - at.x, 2 * y - at.y)))
                : std::byte{128};
  }
  return *std::move(frame);
}

std::vector<MovingMark> found(int frames, const std::function<Place(int)>& at,
                              const Pace& pace = at_speed) {
  MovingMarkFinder finder(picture, pace);
  for (int n = 0; n < frames; ++n) finder.add(scene(n, at(n)), n / 25.);
  return finder.find({});
}

double overlap(const Box& a, const Box& b) {
  const auto both = static_cast<double>(a.intersect(b).area());
  return both / (static_cast<double>(a.area()) + static_cast<double>(b.area()) - both);
}

Box box_at(const Place& at) {
  return {static_cast<int>(at.x), static_cast<int>(at.y), mark_width, mark_height};
}

}  // namespace

TEST_CASE("a mark that bounces over a pan is found with no hint, and is sure") {
  const auto marks = found(132, bouncing);
  REQUIRE(!marks.empty());
  const Candidate& c = marks[0].candidate;
  CAPTURE(c.reason, c.detection.box.x, c.detection.box.y, c.detection.box.width,
          c.detection.box.height);
  REQUIRE(c.accepted);
  CHECK(c.detection.score >= sure_score);
  const int n = static_cast<int>(std::lround(25 * marks[0].seconds));
  const Box truth = box_at(bouncing(n));
  CHECK(c.detection.box.grown(2).intersect(truth) == truth);
  CHECK(overlap(c.detection.box, truth) > .4);
}

TEST_CASE("a mark as bright as the scene that bounces is found by its colour") {
  MovingMarkFinder finder(picture);
  for (int n = 0; n < 240; ++n) finder.add(coloured(n, bouncing(n)), n / 25.);
  const auto marks = finder.find({});
  REQUIRE(!marks.empty());
  CAPTURE(marks[0].candidate.reason);
  REQUIRE(marks[0].candidate.accepted);
  const auto n = static_cast<int>(std::lround(marks[0].seconds * 25));
  CHECK(overlap(marks[0].candidate.detection.box, box_at(bouncing(n))) > .4);
}

TEST_CASE("a pan over a scene without a mark gives no moving mark") {
  for (const MovingMark& mark : found(100, [](int) { return away; })) {
    CAPTURE(mark.candidate.reason);
    CHECK(!mark.candidate.accepted);
  }
}

TEST_CASE("what moves steadily for a part of the clip only is the scene's") {
  const auto marks = found(120, [](int n) {
    return n < 50 ? Place{20 + 2.6 * n, 40 + .8 * n} : away;
  });
  for (const MovingMark& mark : marks) {
    CAPTURE(mark.candidate.reason);
    CHECK(!mark.candidate.accepted);
  }
}

TEST_CASE("what speeds up keeps its shape and yet is the scene's") {
  const auto marks = found(110, [](int n) {
    return Place{10 + .6 * n + .0095 * n * n, 30 + .5 * n};
  });
  for (const MovingMark& mark : marks) {
    CAPTURE(mark.candidate.reason);
    CHECK(!mark.candidate.accepted);
  }
}

TEST_CASE("what goes straight on and never turns needs another proof") {
  const auto marks = found(132, [](int n) { return Place{8 + 1.9 * n, 30 + .7 * n}; });
  REQUIRE(!marks.empty());
  CAPTURE(marks[0].candidate.reason);
  CHECK(marks[0].candidate.accepted);
  CHECK(marks[0].candidate.detection.score < sure_score);
}

TEST_CASE("what drifts by less than its own length is found by few frames of a long stretch") {
  const auto drifting = [](int n) { return Place{40 + .25 * n, 60 + .06 * n}; };
  for (const MovingMark& mark : found(150, drifting)) CHECK_FALSE(mark.candidate.accepted);
  const auto marks = found(150, drifting, adrift(6));
  REQUIRE(!marks.empty());
  const Candidate& c = marks[0].candidate;
  CAPTURE(c.reason, c.detection.box.x, c.detection.box.y, c.detection.box.width,
          c.detection.box.height);
  REQUIRE(c.accepted);
  CHECK(c.detection.score == Approx(rigid_score));  // so un-blending must prove it
  const Box truth = box_at(drifting(static_cast<int>(std::lround(25 * marks[0].seconds))));
  CHECK(overlap(c.detection.box, truth) > .6);

  const auto part = [&](int n) { return n < 122 ? drifting(n) : away; };
  for (const MovingMark& mark : found(150, part, adrift(6)))
    CHECK(mark.candidate.detection.score < rigid_score);
}

TEST_CASE("what goes straight on in half of the frames is worth a proof if it comes far") {
  const auto far = found(140, [](int n) {
    return n < 70 ? Place{8 + 3.2 * n, 30 + .9 * n} : away;
  });
  REQUIRE(!far.empty());
  CAPTURE(far[0].candidate.reason);
  CHECK(far[0].candidate.accepted);
  CHECK(far[0].candidate.detection.score < sure_score);
  for (const MovingMark& mark : found(140, [](int n) {
         return n < 70 ? Place{8 + .8 * n, 30 + .3 * n} : away;
       }))
    CHECK_FALSE(mark.candidate.accepted);
}

TEST_CASE("a mark that bounces is found in stretches of a long clip") {
  MovingMarkFinder finder(picture);
  for (int run = 0; run < 3; ++run) {
    finder.restart();
    for (int n = 0; n < 50; ++n)
      finder.add(scene(300 * run + n, bouncing(300 * run + n)), (300 * run + n) / 25.);
  }
  const auto marks = finder.find({});
  REQUIRE(!marks.empty());
  CAPTURE(marks[0].candidate.reason);
  CHECK(marks[0].candidate.accepted);
}
