// Frames with a known mark, told by its file or by its place, through the Restorer.
#include <cleanplate/restorer.h>

#include <catch2/catch.hpp>
#include <set>

#include "known_mark.h"
#include "media_clips.h"
#include "path/media_run.h"

using namespace cleanplate;
using known_mark::Scene;

namespace {

struct Done {
  std::vector<Frame> frames;
  Plan plan;
  Report report;
};

/// All frames in one window.
Done through(Options options, const Scene& scene, int frames) {
  options.accumulation_seconds = frames / 25.;
  auto restorer = Restorer::create(options, known_mark::video(), Parts{});
  if (!restorer) FAIL(restorer.error().message);
  Done done;
  Frame frame;
  const auto drain = [&] {
    for (;;) {
      const auto flow = restorer->pull(frame);
      if (!flow) FAIL(flow.error().message);
      if (*flow != Flow::ok) return;
      done.frames.push_back(frame);
    }
  };
  for (int n = 0; n < frames; ++n) {
    REQUIRE(restorer->push(scene.frame(n, true)));
    drain();
  }
  REQUIRE(restorer->flush());
  drain();
  REQUIRE(static_cast<int>(done.frames.size()) == frames);
  done.plan = restorer->plan();
  done.report = restorer->report();
  return done;
}

std::string reasons(const Plan& plan) {
  std::string all;
  for (const Candidate& c : plan.candidates) all += c.reason + "\n";
  return all;
}

/// Mean squared errors over all frames in which the mark is, as one figure.
double decibels(const Done& done, const Scene& scene) {
  double sum = 0, count = 0;
  for (std::size_t n = 0; n < done.frames.size(); ++n) {
    if (scene.on[0].gain(static_cast<int>(n)) <= 0) continue;
    sum +=
        std::pow(10., -known_mark::decibels(done.frames[n], scene.frame(static_cast<int>(n), false),
                                            scene.on[0].model) /
                          10);
    count += 1;
  }
  return -10 * std::log10(sum / count);
}

double least_decibels(const Done& done, const Scene& scene) {
  double least = 1e9;
  for (std::size_t n = 0; n < done.frames.size(); ++n)
    least = std::min(least,
                     known_mark::decibels(done.frames[n], scene.frame(static_cast<int>(n), false),
                                          scene.on[0].model));
  return least;
}

/// In over 12 frames, there for 28, out again, away; from frame 10 on.
double fading(int n) { return std::clamp(std::min((n - 10) / 12., (62 - n) / 12.), 0., 1.); }
/// There from frame 30 to 69.
double in_part(int n) { return n >= 30 && n < 70 ? 1 : 0; }

/// Frames that came out as they went in, though nothing is on them: all of those.
void check_untouched(const Done& done, const Scene& scene) {
  for (std::size_t n = 0; n < done.frames.size(); ++n) {
    CAPTURE(n);
    if (scene.on[0].gain(static_cast<int>(n)) <= 0)
      CHECK(known_mark::same(done.frames[n], scene.frame(static_cast<int>(n), true)));
  }
}

}  // namespace

TEST_CASE("a master between samples, reduced, is placed by itself and taken off") {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  Scene scene;
  scene.on = {{known_mark::laid(folder / "mark.png", 30.4, 21.7, .7, .45), known_mark::always}};
  Options options = quick_options();
  options.templates = {folder / "mark.png"};
  const Done known = through(options, scene, 50);
  INFO(reasons(known.plan));
  REQUIRE(known.plan.overlays.size() == 1);
  CHECK(known.plan.overlays[0].method == Method::unblend);
  REQUIRE(known.plan.overlays[0].model);
  CHECK(std::abs(known.plan.overlays[0].model->alpha_peak - .45) < .02);
  CHECK_FALSE(known.plan.overlays[0].gain.varies);
  CHECK(decibels(known, scene) > 40);
}

TEST_CASE("what was exported as .lgd is a master for the same clip") {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  Scene scene;
  scene.on = {{known_mark::laid(folder / "mark.png", 31, 22, .7, .45), known_mark::always}};
  Options options = quick_options();
  options.templates = {folder / "mark.png"};
  const Done first = through(options, scene, 40);
  REQUIRE(first.plan.overlays.size() == 1);
  const auto logo = logo_of(*first.plan.overlays[0].model, known_mark::video());
  REQUIRE(logo);
  REQUIRE(write_logos(folder / "mark.lgd", {*logo}));
  options.templates = {folder / "mark.lgd"};
  const Done again = through(options, scene, 40);
  INFO(reasons(again.plan));
  REQUIRE(again.plan.overlays.size() == 1);
  CHECK_THAT(reasons(again.plan),
             Catch::Contains("scale 1.000 x 1.000") &&
                 (Catch::Contains("strength is 1.0") || Catch::Contains("strength is 0.99")));
  CHECK(std::abs(decibels(again, scene) - decibels(first, scene)) < .5);
}

TEST_CASE("a known mark that fades in and out is taken off at each frame's own strength") {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  Scene scene;
  scene.on = {{known_mark::laid(folder / "mark.png", 30, 22, .7, .5), fading}};
  Options options = quick_options();
  options.templates = {folder / "mark.png"};
  const Done done = through(options, scene, 90);
  INFO(reasons(done.plan));
  REQUIRE(done.plan.overlays.size() == 1);
  CHECK(done.plan.overlays[0].gain.varies);
  CHECK(least_decibels(done, scene) > 32);
  CHECK(decibels(done, scene) > 38);
  for (const int n : {0, 5, 70, 80, 89})
    CHECK(known_mark::same(done.frames[static_cast<std::size_t>(n)], scene.frame(n, true)));
}

TEST_CASE("a mark told by its place, there for a part of the clip, leaves the rest as it is") {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  for (const bool known : {true, false}) {
    CAPTURE(known);
    Scene scene;
    scene.on = {{known_mark::laid(folder / "mark.png", 30, 22, .7, .5), in_part}};
    Options options = quick_options();
    if (known)
      options.templates = {folder / "mark.png"};
    else
      options.region = {"24,16,96,68"};
    const Done done = through(options, scene, 100);
    INFO(reasons(done.plan));
    REQUIRE(done.plan.overlays.size() == 1);
    CAPTURE(decibels(done, scene));
    CHECK(decibels(done, scene) > (known ? 37 : 30));
    check_untouched(done, scene);
    REQUIRE(done.report.methods.size() == 1);
    CHECK(done.report.methods[0].frames == 40);
  }
}

TEST_CASE("a mark that stays has its gain followed nowhere, told or known") {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  for (const double speed : {3., .4, 0.}) {
    Scene scene;
    scene.speed = speed;
    scene.on = {{known_mark::laid(folder / "mark.png", 30, 22, .7, .5), known_mark::always}};
    for (const bool known : {true, false}) {
      Options options = quick_options();
      if (known)
        options.templates = {folder / "mark.png"};
      else
        options.region = {"24,16,96,68"};
      const Done done = through(options, scene, 60);
      CAPTURE(speed, known, reasons(done.plan));
      REQUIRE(done.plan.overlays.size() == 1);
      CHECK_FALSE(done.plan.overlays[0].appearance);
    }
  }
}

TEST_CASE("where a master is not, nothing is to be removed") {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  Options options = quick_options();
  options.templates = {folder / "mark.png"};
  const Scene scene;
  const Done done = through(options, scene, 30);
  CHECK(done.report.nothing_found);
  CHECK_THAT(reasons(done.plan), Catch::Contains("is not found"));
  for (int n = 0; n < 30; ++n)
    CHECK(known_mark::same(done.frames[static_cast<std::size_t>(n)], scene.frame(n, true)));
}
