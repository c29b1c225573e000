// A mark that fades: which frames have it in full, and what it is made of.
#include <catch2/catch.hpp>

#include "known_mark.h"
#include "media_clips.h"
#include "pipeline/place_estimate.h"

using namespace cleanplate;
using known_mark::Scene;

namespace {

constexpr Box place{20, 12, 110, 80}, beside{190, 90, 110, 80};
constexpr double strength = .5;

OverlayModel mark() {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  return known_mark::laid(folder / "mark.png", 30, 22, .7, strength);
}

/// @param less  of its contrast, that the estimate of all frames leaves less than it does.
PlaceEstimate estimate(const Scene& scene, int frames, double less = 0) {
  CropStack seen(known_mark::format, known_mark::picture, place),
      placebo(known_mark::format, known_mark::picture, beside);
  std::vector<std::int64_t> pts;
  for (int n = 0; n < frames; ++n) {
    const Frame frame = scene.frame(n, true);
    seen.add(frame), placebo.add(frame), pts.push_back(frame.pts);
  }
  Field hint(place.width, place.height);
  for (int y = 8; y < place.height - 8; ++y)
    for (int x = 8; x < place.width - 8; ++x) hint.at(x, y) = 1;
  MatteEstimate whole = estimate_matte(seen, placebo, hint);
  whole.left -= less;
  return estimate_place(seen, placebo, hint, hint, pts, whole);
}

/// Comes from frame `from` on, over 12 frames.
double comes(int n, int from) { return std::clamp((n - from) / 12., 0., 1.); }

/// Greatest difference of a gain in the scan's frames to the truth.
double wrong(const GainHistory& gain, const std::function<double(int)>& truth) {
  double most = 0;
  for (const GainSample& s : gain.samples)
    most = std::max(most, std::abs(s.value - truth(static_cast<int>(s.pts))));
  return most;
}

}  // namespace

TEST_CASE("a mark that comes slowly is seen to, though hardly a frame lacks it") {
  Scene scene;
  scene.on = {{mark(), [](int n) { return comes(n, 0); }}};
  const PlaceEstimate found = estimate(scene, 60);
  REQUIRE(found.matte.model);
  CHECK(found.matte.model->alpha_peak == Approx(strength).margin(.06));
  CHECK(found.gain.varies);
  CHECK(wrong(found.gain, [](int n) { return comes(n, 0); }) < .1);
}

TEST_CASE("where the scene stands still, a mark that fades is told by what is seen without it") {
  Scene scene;
  scene.speed = 0;
  scene.on = {{mark(), [](int n) { return comes(n, 15); }}};
  const PlaceEstimate found = estimate(scene, 60);
  REQUIRE(found.matte.model);
  CHECK(found.matte.seen_bare);
  CHECK(found.matte.model->alpha_peak == Approx(strength).margin(.06));
  CHECK(wrong(found.gain, [](int n) { return comes(n, 15); }) < .1);
}

TEST_CASE("what goes by behind a mark while it is there is not taken for a part of it") {
  OverlayModel thing = mark();
  for (Matte& m : thing.mattes) {
    const int scale = m.box.width < 60 ? 2 : 1;
    m.box = {36 / scale, 30 / scale, 70 / scale, 26 / scale};
    m.alpha.assign(static_cast<std::size_t>(m.box.area()), 1.f);
    m.colour.assign(m.alpha.size(), scale == 2 ? 128.f : 30.f);
    m.trust.assign(m.alpha.size(), 1.f);
  }
  struct Passing {
    int from;
    double strength, margin;
  };
  const Passing passing = GENERATE(Passing{28, .6, .1}, Passing{30, .3, .06});
  CAPTURE(passing.from);
  const auto fades = [](int n) { return comes(n, 15) * (1 - comes(n, 45)); };
  Scene scene;
  scene.on = {{thing, [&](int n) { return n >= passing.from && n < 44 ? passing.strength : 0.; }},
              {mark(), fades}};
  const PlaceEstimate found = estimate(scene, 75);
  REQUIRE(found.matte.model);
  CHECK(found.matte.model->alpha_peak == Approx(strength).margin(passing.margin));
  CHECK(found.gain.varies);
  CHECK(wrong(found.gain, fades) < .15);
}

TEST_CASE("a mark is there in all shots, though the last one stands still behind it") {
  OverlayModel shot = mark();
  for (Matte& m : shot.mattes) {
    const int scale = m.box.width < 60 ? 2 : 1;
    m.box = {0, 0, 140 / scale, 100 / scale};
    m.alpha.assign(static_cast<std::size_t>(m.box.area()), 1.f);
    m.trust = m.alpha, m.colour = m.alpha;
    for (int y = 0; y < m.box.height; ++y)
      for (int x = 0; x < m.box.width; ++x)
        m.colour[static_cast<std::size_t>(y * m.box.width + x)] = scale == 2            ? 128.f
                                                                  : (x / 9 + y / 7) % 2 ? 60.f
                                                                                        : 150.f;
  }
  Scene scene;
  scene.on = {{shot, [](int n) { return n < 55 ? 0. : 1.; }}, {mark(), [](int) { return 1.; }}};
  const PlaceEstimate found = estimate(scene, 70);
  REQUIRE(found.matte.model);
  CHECK(found.matte.model->alpha_peak == Approx(strength).margin(.1));
  CHECK_FALSE(found.gain.varies);
}

TEST_CASE(
    "a mark that surely goes is told by the frames that have it, though they leave more of it") {
  const auto goes = [](int n) { return comes(n, 15) * (1 - comes(n, 50)); };
  Scene scene;
  scene.on = {{mark(), goes}};
  const PlaceEstimate found = estimate(scene, 90, .15);
  REQUIRE(found.matte.model);
  CHECK(found.gain.varies);
  CHECK(wrong(found.gain, goes) < .1);
}
