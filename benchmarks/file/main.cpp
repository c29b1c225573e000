// Time of a whole file: cleanplate with no hint against a plain decode and encode with the same
// classes and settings, in pairs; the answer is verified before anything is timed.
//   file [--size 1920x1080] [--seconds 10] [--clip dog.mp4] [--pairs 3] [--preset medium]
#include <cleanplate/pipeline.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "clips.h"
#include "plain.h"
#include "quality/ours.h"
#include "quality/scratch.h"
#include "quality/table.h"

extern "C" {
#include <libavutil/log.h>
}

namespace {
struct Cost {
  double cpu = 0, wall = 0;  ///< seconds
};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// @throws the library's sentence.
template <class Work>
Cost timed(Work&& work) {
  const double cpu = cpu_seconds();
  const auto wall = std::chrono::steady_clock::now();
  const auto done = work();
  if (!done) throw std::runtime_error(done.error().message);
  return {cpu_seconds() - cpu,
          std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count()};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// @throws what is wrong with the answer.
void verify(const quality::Case& made, const std::string& input, const std::string& output,
            const std::string& preset) {
  quality::OursSetting setting;
  setting.preset = preset;
  const auto outcome = quality::run_ours(made, input, output, setting);
  const auto& s = outcome.score;
  fmt::print(
      "Verified: found {} (IoU {:.2f}), {} of {} frames, |rho| median {:.3f}, PSNR {:.1f} dB, "
      "flashes {}; {}.\n",
      outcome.found ? "yes" : "no", outcome.iou, outcome.frames, made.frames(), s.residue_median,
      s.psnr, s.flashes, outcome.methods);
  if (!outcome.error.empty()) throw std::runtime_error(outcome.error);
  if (!outcome.found || outcome.frames != made.frames() || s.residue_median > .1 || s.flashes ||
      !outcome.same.times || !outcome.same.sound)
    throw std::runtime_error("The answer is wrong, so its time says nothing.");
}
}  // namespace

int main(int argc, char** argv) try {
  av_log_set_level(AV_LOG_ERROR);
  bench::ClipOrder clip;
  std::string size = "1920x1080", preset = "medium";
  int pairs = 3;
  CLI::App app("Times whole files");
  app.add_option("--size", size, "WIDTHxHEIGHT, even");
  app.add_option("--seconds", clip.seconds)->check(CLI::PositiveNumber);
  app.add_option("--clip", clip.source, "scale this clip instead of making the demo scene");
  app.add_option("--pairs", pairs, "runs of each")->check(CLI::Range(1, 100));
  app.add_option("--preset", preset, "libx264's, for both");
  CLI11_PARSE(app, argc, argv);
  if (std::sscanf(size.c_str(), "%dx%d", &clip.width, &clip.height) != 2)
    throw std::runtime_error("--size " + size + ": give it as 1920x1080.");

  const quality::Scratch scratch;
  const std::string input = scratch / "input.mp4", output = scratch / "output.mp4";
  const std::string words = bench::make_clip(clip, scratch / "clean.mp4");
  quality::CaseOrder order;
  order.clip = scratch / "clean.mp4";
  order.kind = "seethrough";
  order.preset = "veryfast";
  order.corner = 2;
  order.frames = 1 << 30;
  const quality::Case made(order, input, "");
  fmt::print("Machine: {}.\nClip: {}, a drawn mark at 40 %, H.264 crf 18; libx264 {}.\n",
             quality::machine(), words, preset);
  verify(made, input, output, preset);

  cleanplate::Options options;
  options.quality = 18;
  options.encoder_options = "preset=" + preset;
  std::vector<double> ours_cpu, plain_cpu, ours_wall, plain_wall, ratio, wall_ratio;
  for (int n = 0; n < pairs; ++n) {
    Cost ours, plain;
    const auto run_ours = [&] {
      ours = timed([&]() -> cleanplate::Result<cleanplate::Report> {
        auto pipeline = cleanplate::Pipeline::create(options);
        if (!pipeline) return pipeline.error();
        return pipeline->run(input, output);
      });
    };
    const auto run_plain = [&] {
      plain = timed([&] { return bench::transcode(input, scratch / "plain.mp4", options); });
    };
    // Each goes first in turn, so that a drift of the machine falls on both.
    if (n % 2)
      run_ours(), run_plain();
    else
      run_plain(), run_ours();
    fmt::print(
        "pair {}: ours {:.2f} s CPU, {:.2f} s wall; plain {:.2f} s CPU, {:.2f} s wall; ratio "
        "{:.3f} CPU\n",
        n + 1, ours.cpu, ours.wall, plain.cpu, plain.wall, ours.cpu / plain.cpu);
    ours_cpu.push_back(ours.cpu), plain_cpu.push_back(plain.cpu);
    ours_wall.push_back(ours.wall), plain_wall.push_back(plain.wall);
    ratio.push_back(ours.cpu / plain.cpu), wall_ratio.push_back(ours.wall / plain.wall);
  }
  fmt::print(
      "\n| | CPU s | wall s | frames/s |\n|---|---|---|---|\n"
      "| ours, no hint | {:.2f} | {:.2f} | {:.1f} |\n| plain | {:.2f} | {:.2f} | {:.1f} |\n"
      "| median ratio | {:.3f} | {:.3f} | |\n",
      median(ours_cpu), median(ours_wall), made.frames() / median(ours_wall), median(plain_cpu),
      median(plain_wall), made.frames() / median(plain_wall), median(ratio), median(wall_ratio));
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "file: %s\n", failure.what());
  return 1;
}
