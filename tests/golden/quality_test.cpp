// benchmarks/quality in small, on a made clip: figures that must not get worse.
#include <cleanplate/pipeline.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <memory>

#include "demo_clip/demo.h"
#include "ours.h"
#include "peers.h"
#include "run_case.h"
#include "scratch.h"

extern "C" {
#include <libavutil/log.h>
}

namespace {
constexpr int frames = 50;

/// The demo scene, small, with a drawn mark on it.
struct Marked {
  quality::Scratch scratch;
  std::string input = scratch / "input.mp4", output = scratch / "output.mp4";
  std::unique_ptr<quality::Case> made;

  explicit Marked(const std::string& kind) {
    av_log_set_level(AV_LOG_ERROR);
    demo::DemoOrder scene;
    scene.width = 960;
    scene.height = 540;
    scene.seconds = frames / 25.;
    scene.kind = "none";
    scene.crf = 10;
    scene.preset = "ultrafast";
    demo::write_demo(scene, scratch / "scene.mp4", "");
    quality::CaseOrder order;
    order.clip = scratch / "scene.mp4";
    order.kind = kind;
    order.corner = 2;
    order.preset = "veryfast";
    made = std::make_unique<quality::Case>(order, input, "");
    REQUIRE(made->frames() == frames);
  }
  [[nodiscard]] quality::OursOutcome run(quality::Hint hint) const {
    quality::OursSetting setting;
    setting.hint = hint;
    setting.preset = "veryfast";
    auto outcome = quality::run_ours(*made, input, output, setting);
    CAPTURE(outcome.error, outcome.methods);
    REQUIRE(outcome.error.empty());
    REQUIRE_FALSE(outcome.nothing_found);
    CHECK(outcome.frames == frames);
    CHECK(outcome.same.frames);
    CHECK(outcome.same.times);
    CHECK(outcome.same.sound);
    return outcome;
  }
  [[nodiscard]] quality::ClipScore untouched() const {
    quality::Judge judge(*made);
    quality::judge_file(input, *made, judge);
    return judge.score();
  }
};
}  // namespace

TEST_CASE("a see-through mark in a told region comes off without a flash") {
  const Marked marked("seethrough");
  const auto outcome = marked.run(quality::Hint::region);
  const auto& score = outcome.score;
  CAPTURE(outcome.methods, score.psnr, score.residue_median, score.residue_p99, score.flicker);
  CHECK(score.psnr >= marked.untouched().psnr + 10);
  CHECK(score.residue_p99 < .25);
  CHECK(score.flashes == 0);
}

TEST_CASE("a see-through mark is found without a hint and comes off") {
  const Marked marked("seethrough");
  const auto outcome = marked.run(quality::Hint::none);
  CAPTURE(outcome.iou, outcome.score.psnr, outcome.score.residue_p99);
  CHECK(outcome.found);
  CHECK(outcome.false_finds == 0);
  CHECK(outcome.score.psnr >= marked.untouched().psnr + 10);
  CHECK(outcome.score.flashes == 0);
}

TEST_CASE("an opaque mark in a told region is filled without a flash") {
  const Marked marked("opaque");
  const auto outcome = marked.run(quality::Hint::region);
  const auto& score = outcome.score;
  CAPTURE(outcome.methods, score.psnr, score.residue_median, score.residue_p99, score.flicker);
  CHECK(score.psnr >= marked.untouched().psnr + 10);
  CHECK(score.flashes == 0);
}

TEST_CASE("a time code that counts in a told region is filled without a flash") {
  const Marked marked("timecode");
  const auto outcome = marked.run(quality::Hint::region);
  const auto& score = outcome.score;
  CAPTURE(outcome.methods, score.psnr, score.residue_median, score.residue_p99, score.flicker);
  CHECK(score.psnr >= marked.untouched().psnr + 10);
  CHECK(score.flashes == 0);
}

TEST_CASE("under lossless no sample outside a told region changes") {
  const Marked marked("seethrough");
  const auto check = quality::check_outside(*marked.made, marked.input, marked.output);
  CHECK(check.error.empty());
  CHECK(check.compared > 0);
  CHECK(check.different == 0);
}

TEST_CASE("a clip without an overlay is left alone and nothing is written") {
  const quality::Scratch scratch;
  demo::DemoOrder scene;
  scene.width = 960;
  scene.height = 540;
  scene.seconds = frames / 25.;
  scene.kind = "none";
  scene.preset = "veryfast";
  demo::write_demo(scene, scratch / "clean.mp4", "");
  auto pipeline = cleanplate::Pipeline::create({});
  REQUIRE(pipeline);
  const auto report = pipeline->run(scratch / "clean.mp4", scratch / "out.mp4");
  REQUIRE(report);
  CHECK(report->nothing_found);
  CHECK_FALSE(std::filesystem::exists(scratch / "out.mp4"));
}
