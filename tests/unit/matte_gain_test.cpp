// How strongly a known mark is there, frame by frame, and when it is not.
#include <catch2/catch.hpp>

#include "composite/gain_follower.h"
#include "known_mark.h"
#include "matte/gain_history.h"
#include "matte/master.h"
#include "media_clips.h"

using namespace cleanplate;
using known_mark::Scene;

namespace {

constexpr Box place{20, 12, 110, 80};

CropStack stack_of(const Scene& scene, int frames) {
  CropStack stack(known_mark::format, known_mark::picture, place);
  for (int n = 0; n < frames; ++n) stack.add(scene.frame(n, true));
  return stack;
}

OverlayModel model_of(double strength) {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  return known_mark::laid(folder / "mark.png", 30, 22, .7, strength);
}

std::vector<std::int64_t> count(int frames) {
  std::vector<std::int64_t> out;
  for (int n = 0; n < frames; ++n) out.push_back(n);
  return out;
}

std::vector<double> followed(const GainHistory& history, const std::vector<FrameGain>& gains) {
  GainFollower follower(history);
  std::vector<double> out;
  const auto take = [&] {
    for (; follower.ready(); follower.pop()) out.push_back(follower.front());
  };
  for (std::size_t n = 0; n < gains.size(); ++n) {
    follower.push(static_cast<std::int64_t>(n), gains[n]);
    take();
  }
  follower.flush();
  take();
  return out;
}

GainHistory varying() {
  GainHistory history;
  history.measured = history.varies = true;
  history.noise = .01;
  return history;
}

}  // namespace

TEST_CASE("a mark's gain is measured in one frame, whatever it is") {
  for (const double gain : {0., .25, .6, 1.}) {
    Scene scene;
    scene.on = {{model_of(.5), [&](int) { return gain; }}};
    const auto model = laid_on(scene.on[0].model, {place, {10, 6, 55, 40}, {10, 6, 55, 40}});
    for (const FrameGain& g : gains_of(GainMeter(model), stack_of(scene, 12))) {
      CHECK(g.error < .05);
      CHECK(std::abs(g.value - gain) < .07);
    }
  }
}

TEST_CASE("frames with a mark and frames without are told apart before anything is known of it") {
  Scene scene;
  scene.on = {{model_of(.5), [](int n) { return n >= 12 && n < 32 ? 1. : 0.; }}};
  const Presence found = presence_of(stack_of(scene, 60), 0, Field(place.width, place.height, 1));
  REQUIRE(found.there.size() >= 15);
  REQUIRE(found.away.size() >= 25);
  for (const int n : found.there) CHECK((n >= 12 && n < 32));
  for (const int n : found.away) CHECK((n < 12 || n >= 32));
}

TEST_CASE("a mark of the scene's own brightness is seen to come and go in chroma") {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png", true);
  OverlayModel red = known_mark::laid(folder / "mark.png", 30, 22, .7, .5);
  std::fill(red.mattes[0].alpha.begin(), red.mattes[0].alpha.end(), 0.f);
  Scene scene;
  scene.on = {
      {red, [](int n) { return std::clamp(std::min((n - 10) / 8., (40 - n) / 8.), 0., 1.); }}};
  const CropStack stack = stack_of(scene, 60);
  const Field hint(place.width, place.height, 1);
  CHECK(presence_of(stack, 0, hint).there.empty());
  const Presence found = presence_of(stack, 2, hint);
  REQUIRE(found.there.size() >= 12);
  REQUIRE(found.away.size() >= 25);
  for (const int n : found.there) CHECK((n >= 16 && n <= 34));
  for (const int n : found.away) CHECK((n <= 12 || n >= 38));
}

TEST_CASE("a mark that stays, and a place without any, have no two kinds of frames") {
  for (const double speed : {3., .3, 0.})
    for (const bool marked : {true, false}) {
      Scene scene;
      scene.speed = speed;
      if (marked) scene.on = {{model_of(.5), known_mark::always}};
      CAPTURE(speed, marked);
      for (int c = 0; c < 3; ++c)
        CHECK(
            presence_of(stack_of(scene, 60), c, Field(place.width, place.height, 1)).there.empty());
    }
}

TEST_CASE("where a mark is as usual its gain is 1, where it is away 0, and a fade lies between") {
  std::vector<FrameGain> gains;
  for (int n = 0; n < 60; ++n) {
    const double truth = std::clamp(std::min((n - 10) / 12., (50 - n) / 12.), 0., 1.);
    gains.push_back({truth + .008 * (n % 3 - 1), .01});
  }
  gains[30].value = .93;  // a slip of the meter
  gains[5].value = .06;
  const auto out = followed(varying(), gains);
  REQUIRE(out.size() == 60);
  for (int n = 0; n < 60; ++n) {
    const double truth = std::clamp(std::min((n - 10) / 12., (50 - n) / 12.), 0., 1.);
    CAPTURE(n);
    if (n <= 8 || n >= 52) CHECK(out[static_cast<std::size_t>(n)] == 0);
    if (n >= 24 && n <= 36) CHECK(out[static_cast<std::size_t>(n)] == 1);
    CHECK(std::abs(out[static_cast<std::size_t>(n)] - truth) < .05);
  }
}

TEST_CASE("a model from frames with and without its mark still tells which have it") {
  std::vector<FrameGain> gains(60, {.3, .06});
  std::vector<int> with;
  for (int n = 20; n < 40; ++n) gains[static_cast<std::size_t>(n)] = {1.6, .22}, with.push_back(n);
  CHECK(strongest_frames(gains) == with);
}

TEST_CASE("a frame that tells nothing takes its neighbours' gain") {
  std::vector<FrameGain> gains(40, {1, .01});
  for (int n = 15; n < 18; ++n) gains[static_cast<std::size_t>(n)] = {.2, 1e9};
  for (int n = 30; n < 40; ++n) gains[static_cast<std::size_t>(n)] = {0, .01};
  gains[35] = {.7, 1e9};
  const auto out = followed(varying(), gains);
  for (int n = 0; n < 30; ++n) CHECK(out[static_cast<std::size_t>(n)] == 1);
  for (int n = 30; n < 40; ++n) CHECK(out[static_cast<std::size_t>(n)] == 0);
}

TEST_CASE("gains count from what the meter says where the mark is away to where it is in full") {
  std::vector<FrameGain> gains;
  std::vector<int> full, away;
  for (int n = 0; n < 40; ++n) {
    const bool there = n < 20;
    gains.push_back({there ? 1.1 : .1, .02});
    (there ? full : away).push_back(n);
  }
  const GainHistory history = gain_history(gains, count(40), full, away);
  REQUIRE(history.measured);
  CHECK(history.varies);
  CHECK(std::abs(history.reference - 1.1) < .01);
  CHECK(std::abs(history.floor - .1) < .01);
  for (const GainSample& s : history.samples) CHECK(std::abs(s.value - (s.pts < 20)) < .01);
  const auto out = followed(history, gains);
  for (int n = 0; n < 40; ++n) CHECK(out[static_cast<std::size_t>(n)] == (n < 20 ? 1 : 0));
}
