// The whole pipeline on a real card. Kernel by kernel: the tests of tests/reference, built into
// this program, run on the card too.
#include "path/decoded.h"

using namespace cleanplate;

namespace {
Device card() {
  Options options;
  options.device = "cuda";
  return must(Device::open(options));
}
Device host() { return Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30)); }
}  // namespace

TEST_CASE("the pipeline on the card gives the host's samples") {
  const Job job;
  const auto plain = job.run(host());
  const auto ran = job.run(card());
  REQUIRE(ran.report.degradations.empty());
  REQUIRE(ran.report.stages[2].device.starts_with("cuda:"));
  REQUIRE(ran.frames == plain.frames);
}

TEST_CASE("frames that the card decodes and, where it can, encodes are the host's and come back") {
  Job job;
  clips::Clip clip;
  clip.width = 320;  // NVENC takes nothing much smaller
  clip.height = 180;
  clips::make(job.folder / "in.mkv", clip);
  const auto plain = job.run(host());
  job.options.device = "cuda";
  job.options.encoder = "auto";
  const auto ran = job.run(card());
  for (const StageReport& stage : ran.report.stages) WARN(stage.stage << ": " << stage.device);
  REQUIRE(ran.frames == plain.frames);

  // What was written comes back, by the card and by software alike, nearer to the frame that went
  // in than to the one before it.
  const Decoded here = decode(job.folder / "out.mkv", "cpu");
  const Decoded there = decode(job.folder / "out.mkv", "cuda");
  REQUIRE(there.pts == decode(job.folder / "in.mkv", "cpu").pts);
  REQUIRE(here.pts == there.pts);
  REQUIRE(here.frames == there.frames);
  REQUIRE(here.frames.size() == ran.frames.size());
  for (std::size_t i = 1; i < ran.frames.size(); ++i) {
    CAPTURE(i);
    REQUIRE(2 * apart(here.frames[i], ran.frames[i]) < apart(here.frames[i], ran.frames[i - 1]));
  }
}

TEST_CASE("memory on the card stays flat over twenty-five jobs") {
  const Job job;
  const Device device = card();
  static_cast<void>(job.run(device));
  const auto free = device.core().memory().free;
  for (int i = 0; i < 25; ++i) static_cast<void>(job.run(device));
  REQUIRE(device.core().memory().free == free);
}

TEST_CASE("a card with little room leaves the stage to the host") {
  const Job job;
  Options options;
  options.device = "cuda";
  options.gpu_memory_fraction = 0.1;
  const Device device = must(Device::open(options));
  const Buffer all = must(device.core().allocate(device.core().memory().free - 4096));
  const auto ran = job.run(device);
  REQUIRE(ran.report.frames_out == 40);
  REQUIRE(ran.report.degradations.size() == 1);
  REQUIRE(ran.frames == job.run(host()).frames);
}
