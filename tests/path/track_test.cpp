// From sightings in single frames to a mask for every frame.
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <random>

#include <cleanplate/mask_tracker.h>

#include "track/assignment.h"

using namespace cleanplate;

namespace {

constexpr Box mark{170, 40, 90, 30};

Options options_of(int persistence, double accumulation) {
  Options options;
  options.persistence_frames = persistence;
  options.accumulation_seconds = accumulation;
  return options;
}

VideoInfo video() {
  VideoInfo v;
  v.size = {640, 360};
  v.time_base = {1, 25};
  v.frame_rate = {25, 1};
  return v;
}

/// @param where  of frame n: the boxes seen.
template <class Where>
std::vector<FrameMask> track(const Options& options, int frames, Where&& where) {
  auto tracker = MaskTracker::create(options, video());
  REQUIRE(tracker);
  std::vector<FrameMask> out;
  const auto drain = [&] {
    for (FrameMask mask; *(*tracker)->pull(mask) == Flow::ok;) out.push_back(mask);
  };
  for (int n = 0; n < frames; ++n) {
    Detections seen{n, {}};
    for (const Box& box : where(n)) {
      Detection d;
      d.box = box;
      d.score = .6;
      seen.seen.push_back(d);
    }
    REQUIRE(*(*tracker)->push(seen) == Flow::ok);
    drain();
    REQUIRE(n + 1 - static_cast<int>(out.size()) <= (*tracker)->latency());
  }
  REQUIRE((*tracker)->flush());
  drain();
  REQUIRE(static_cast<int>(out.size()) == frames);
  return out;
}

/// Share of the box that the frame's masks cover.
double covered(const FrameMask& mask, const Box& box) {
  double sum = 0;
  for (int y = box.y; y < box.bottom(); ++y)
    for (int x = box.x; x < box.right(); ++x) {
      bool in = false;
      for (const TrackMask& t : mask.overlays) in = in || t.mask->at(x - t.dx, y - t.dy) > 0;
      sum += in;
    }
  return sum / static_cast<double>(box.area());
}

/// Blind in 30 of 100 frames by chance, and twelve in a row.
std::vector<bool> blind_frames(int frames) {
  std::mt19937 random(7);
  std::vector<bool> blind;
  for (int n = 0; n < frames; ++n) blind.push_back(random() % 100 < 30 || (n >= 60 && n < 72));
  return blind;
}

}  // namespace

TEST_CASE("a detector that is blind in a third of the frames leaves no frame without a mask") {
  constexpr int frames = 150;
  const auto blind = blind_frames(frames);
  const bool moving = GENERATE(false, true);
  CAPTURE(moving);
  const auto truth = [&](int n) {
    return moving ? Box{100 + 2 * n, 40 + n, mark.width, mark.height} : mark;
  };
  const auto flashes = [&](const Options& options) {
    const auto masks = track(options, frames, [&](int n) {
      return blind[static_cast<std::size_t>(n)] ? std::vector<Box>{} : std::vector{truth(n)};
    });
    int count = 0;
    for (int n = 0; n < frames; ++n)
      count += covered(masks[static_cast<std::size_t>(n)], truth(n)) < .9;
    return count;
  };
  CHECK(flashes(options_of(18, 2)) == 0);
  CHECK(flashes(options_of(0, 0)) > 30);  // so that the test can fail
}

TEST_CASE("where a mark jumps within a blind gap both places are masked until it is seen again") {
  const Box second{400, 250, mark.width, mark.height};
  const auto masks = track(options_of(18, 2), 80, [&](int n) {
    return n < 30 ? std::vector{mark} : n < 40 ? std::vector<Box>{} : std::vector{second};
  });
  for (int n = 0; n < 40; ++n) CHECK(covered(masks[static_cast<std::size_t>(n)], mark) == 1);
  for (int n = 30; n < 80; ++n) CHECK(covered(masks[static_cast<std::size_t>(n)], second) == 1);
  CHECK(masks[10].overlays.at(0).track == masks[70].overlays.at(0).track);
}

TEST_CASE("told overlays at one place at different times keep each its own mask") {
  auto tracker = MaskTracker::create(options_of(0, 2), video());
  REQUIRE(tracker);
  std::vector<std::shared_ptr<const Mask>> lines;
  for (int k = 0; k < 2; ++k)
    lines.push_back(std::make_shared<Mask>(
        Mask{mark, std::vector<std::uint8_t>(static_cast<std::size_t>(mark.area()), 255)}));
  for (int n = 0; n < 40; ++n) {
    const auto& line = lines[n < 20 ? 0 : 1];
    Detections seen{n, {}};
    Detection d;
    d.box = mark, d.score = 1, d.told = true, d.mask = line;
    seen.seen.push_back(d);
    REQUIRE((*tracker)->push(seen));
    FrameMask mask;
    REQUIRE(*(*tracker)->pull(mask) == Flow::ok);
    REQUIRE(mask.overlays.size() == 1);
    CHECK(mask.overlays[0].mask == line);
  }
}

TEST_CASE("weak sightings count once their scores have added up") {
  const auto run = [](double accumulation) {
    auto tracker = MaskTracker::create(options_of(0, accumulation), video());
    REQUIRE(tracker);
    int masked = 0;
    for (int n = 0; n < 20; ++n) {
      Detections seen{n, {}};
      Detection d;
      d.box = mark;
      d.score = .03;  // min_score is 0.1
      seen.seen.push_back(d);
      REQUIRE((*tracker)->push(seen));
      FrameMask mask;
      REQUIRE(*(*tracker)->pull(mask) == Flow::ok);
      masked += !mask.overlays.empty();
    }
    return masked;
  };
  CHECK(run(2) == 17);
  CHECK(run(0) == 0);
}

TEST_CASE("two marks that pass each other keep their numbers") {
  const auto masks = track(options_of(4, 2), 60, [](int n) {
    return std::vector<Box>{{40 + 8 * n, 60, 60, 30}, {512 - 8 * n, 100, 60, 30}};
  });
  for (const FrameMask& m : masks) REQUIRE(m.overlays.size() == 2);
  CHECK(masks[0].overlays[0].track == masks[59].overlays[0].track);
  CHECK(covered(masks[59], {40 + 8 * 59, 60, 60, 30}) > .9);
}

TEST_CASE("the least cost is found where the best pair first is not") {
  // The best pair (0, 0) would leave (1, 1) at .7.
  CHECK(assign({.1, .2, .2, .7}, 2, 2, .8) == std::vector<int>{1, 0});
  CHECK(assign({.9, .2}, 2, 1, .8) == std::vector<int>{-1, 0});
  CHECK(assign({}, 0, 0, .8).empty());
  CHECK(assign({.5, .1, .3}, 1, 3, .8) == std::vector<int>{1});
}

TEST_CASE("following eight marks takes little time") {
  constexpr int frames = 2000;
  const auto begin = std::chrono::steady_clock::now();
  const auto masks = track(options_of(18, 2), frames, [](int n) {
    std::vector<Box> boxes;
    for (int k = 0; k < 8; ++k) boxes.push_back({20 + 70 * k + n % 3, 30 + 40 * (k % 4), 50, 24});
    return boxes;
  });
  const double ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count() /
      frames;
  CAPTURE(ms);
  REQUIRE(masks.back().overlays.size() == 8);
  WARN(ms << " ms a frame");
  CHECK(ms < 2);  // ten times what is asked for: a machine may be busy, and a build unoptimised
}
