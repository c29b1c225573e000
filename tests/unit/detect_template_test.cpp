// A master from a file is found where it lies, at its size, or the word that it is not there.
#include <cleanplate/detector.h>

#include <catch2/catch.hpp>

#include "detect/template_detector.h"
#include "known_mark.h"
#include "media_clips.h"

using namespace cleanplate;
using known_mark::Scene;

namespace {

std::vector<Candidate> found(const Options& options, const Scene& scene, int frames = 24) {
  auto detector = Detector::create(options, known_mark::video(), {});
  if (!detector) FAIL(detector.error().message);
  for (int n = 0; n < frames; ++n) REQUIRE((*detector)->push(scene.frame(4 * n, true)));
  REQUIRE((*detector)->flush());
  return (*detector)->candidates();
}

/// The greatest difference of two models' opacities in luma.
double apart(const OverlayModel& a, const OverlayModel& b) {
  const auto at = [](const Matte& m, int x, int y) {
    return m.box.contains(x, y)
               ? static_cast<double>(
                     m.alpha[static_cast<std::size_t>((y - m.box.y) * m.box.width + x - m.box.x)])
               : 0.;
  };
  double most = 0;
  for (int y = 0; y < known_mark::picture.height; ++y)
    for (int x = 0; x < known_mark::picture.width; ++x)
      most = std::max(most, std::abs(at(a.mattes[0], x, y) - at(b.mattes[0], x, y)));
  return most;
}

}  // namespace

TEST_CASE("a master is found to parts of a sample, at any size") {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  Options options;
  options.templates = {folder / "mark.png"};
  struct Given {
    double x, y, scale, off;  // off: of the opacity at the edges, where it falls from 1 to 0
  };
  for (const Given& g : {Given{180, 60, 1, .01},
                         {30.4, 21.7, .7, .25},
                         {148.25, 90.5, .53, .25},
                         {20.6, 12.3, 1.43, .25}}) {
    CAPTURE(g.x, g.y, g.scale);
    Scene scene;
    scene.on = {{known_mark::laid(folder / "mark.png", g.x, g.y, g.scale, .4), known_mark::always}};
    const auto candidates = found(options, scene);
    REQUIRE(candidates.size() == 1);
    INFO(candidates[0].reason);
    REQUIRE(candidates[0].accepted);
    REQUIRE(candidates[0].detection.master);
    CHECK(apart(*candidates[0].detection.master,
                known_mark::laid(folder / "mark.png", g.x, g.y, g.scale, 1)) < g.off);
  }
}

TEST_CASE("a coloured master is found in a picture that stands still and has edges everywhere") {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png", true);
  Options options;
  options.templates = {folder / "mark.png"};
  Scene scene;
  scene.speed = 0;
  scene.on = {{known_mark::laid(folder / "mark.png", 201, 92, .6, .4), known_mark::always}};
  const auto candidates = found(options, scene, 8);
  REQUIRE(candidates.size() == 1);
  INFO(candidates[0].reason);
  REQUIRE(candidates[0].accepted);
  CHECK(iou(candidates[0].detection.box, {201, 92, 72, 48}) > .9);
}

TEST_CASE("a master that is not in the clip is not found, and the reason says so") {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  Options options;
  options.templates = {folder / "mark.png"};
  for (const double speed : {3., 0.}) {
    Scene scene;
    scene.speed = speed;
    const auto candidates = found(options, scene);
    REQUIRE(candidates.size() == 1);
    CAPTURE(speed, candidates[0].reason);
    CHECK_FALSE(candidates[0].accepted);
    CHECK_THAT(candidates[0].reason,
               Catch::Contains("mark.png") && Catch::Contains("is not found"));
  }
}

TEST_CASE("told a region, a master is looked for there and nowhere else") {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  Scene scene;
  scene.on = {{known_mark::laid(folder / "mark.png", 20, 12, .5, .12), known_mark::always},
              {known_mark::laid(folder / "mark.png", 230, 120, .5, .5), known_mark::always}};
  Options options;
  options.templates = {folder / "mark.png"};
  options.region = {"224,114,72,52"};
  const auto candidates = found(options, scene);
  REQUIRE(candidates.size() == 1);
  INFO(candidates[0].reason);
  REQUIRE(candidates[0].detection.master);
  CHECK(apart(*candidates[0].detection.master,
              known_mark::laid(folder / "mark.png", 230, 120, .5, 1)) < .3);
}

TEST_CASE("each of several files is looked for by itself") {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  Picture square({40, 40}, 4);
  square.samples.clear();
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 40; ++x)
      for (const int v : {30, 60, 220, (x / 8 + y / 10) % 2 ? 255 : 0})
        square.samples.push_back(static_cast<std::uint8_t>(v));
  REQUIRE(write_png(folder / "square.png", square));
  Scene scene;
  scene.on = {{known_mark::laid(folder / "mark.png", 20, 12, .5, .5), known_mark::always},
              {known_mark::laid(folder / "square.png", 230, 120, 1, .4), known_mark::always}};
  Options options;
  options.templates = {folder / "square.png", folder / "mark.png"};
  const auto candidates = found(options, scene);
  REQUIRE(candidates.size() == 2);
  CHECK(iou(candidates[0].detection.box, {230, 120, 40, 40}) > .9);
  CHECK(iou(candidates[1].detection.box, {20, 12, 60, 40}) > .9);
}

TEST_CASE("what is no master's file gets one sentence") {
  const clips::Folder folder;
  Options options;
  options.device = "cpu";
  const auto error_of = [&] {
    auto detector = Detector::create(options, known_mark::video(), {});
    REQUIRE_FALSE(detector);
    CHECK(detector.error().message.size() > 30);
    return detector.error();
  };
  options.templates = {folder / "none.png"};
  CHECK(error_of().code == Code::not_found);
  options.templates = {folder.operator/("")};
  CHECK(error_of().code == Code::unreadable);
  known_mark::write_drawing(folder / "clear.png", false, 0);
  options.templates = {folder / "clear.png"};
  CHECK(error_of().code == Code::invalid_option);
  options.templates.clear();
  options.detect = "template";
  CHECK(error_of().code == Code::invalid_option);
}
