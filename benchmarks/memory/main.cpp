// Peak resident memory of cleanplate against a plain decode and encode, each run in a process of
// its own; and for a short clip against a long one (the same packets over and over).
//   memory [--size 1920x1080] [--flat-size 640x360] [--short 10] [--long 600]
#include <cleanplate/pipeline.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>

#include "file/clips.h"
#include "file/plain.h"
#include "quality/ours.h"
#include "quality/scratch.h"
#include "quality/table.h"

extern "C" {
#include <libavutil/log.h>
}

namespace {
/// What a child does; its exit status. Its failure is said on stderr.
int child(const std::string& how, const std::string& input, const std::string& output,
          const std::string& preset, const std::string& region) {
  cleanplate::Options options;
  options.quality = 18;
  options.encoder_options = "preset=" + preset;
  const auto failed = [](const cleanplate::Error& error) {
    std::fprintf(stderr, "%s\n", error.message.c_str());
    return 1;
  };
  if (how == "plain") {
    const auto frames = bench::transcode(input, output, options);
    return frames ? 0 : failed(frames.error());
  }
  if (!region.empty()) options.region = {region};
  auto pipeline = cleanplate::Pipeline::create(options);
  if (!pipeline) return failed(pipeline.error());
  const auto report = pipeline->run(input, output);
  if (!report) return failed(report.error());
  return report->nothing_found ? 3 : 0;
}

/// This program once more, as a fresh process: what the parent holds does not count.
/// @return MiB.
double peak_of(const std::string& how, const std::string& input, const std::string& output,
               const std::string& preset, const std::string& region) {
  const pid_t pid = fork();
  if (pid == 0) {
    execl("/proc/self/exe", "memory", "--child", how.c_str(), "--input", input.c_str(), "--output",
          output.c_str(), "--preset", preset.c_str(), "--region", region.c_str(),
          static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
    throw std::runtime_error("A child process could not be started.");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error(how + " on " + input +
                             (WIFEXITED(status) && WEXITSTATUS(status) == 3
                                  ? ": no mark was found, so nothing was done."
                                  : ": the run failed."));
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

cleanplate::Size size_from(const std::string& text) {
  cleanplate::Size size;
  if (std::sscanf(text.c_str(), "%dx%d", &size.width, &size.height) != 2)
    throw std::runtime_error("A size is given as 1920x1080, not " + text + ".");
  return size;
}

/// @return the mark's region.
std::string make_marked(cleanplate::Size size, double seconds, const quality::Scratch& scratch,
                        const std::string& path) {
  bench::ClipOrder clip;
  clip.width = size.width;
  clip.height = size.height;
  clip.seconds = seconds;
  bench::make_clip(clip, scratch / "clean.mp4");
  quality::CaseOrder order;
  order.clip = scratch / "clean.mp4";
  order.kind = "seethrough";
  order.preset = "veryfast";
  order.corner = 2;
  order.frames = 1 << 30;
  const quality::Case made(order, path, "");
  return quality::told_region(made);
}
}  // namespace

int main(int argc, char** argv) try {
  av_log_set_level(AV_LOG_ERROR);
  std::string how, input, output, preset, region, size = "1920x1080", flat_size = "640x360";
  double brief = 10, lengthy = 600;
  CLI::App app("Measures peak memory");
  app.add_option("--size", size, "of the clip for ours against plain");
  app.add_option("--flat-size", flat_size, "of the short and the long clip");
  app.add_option("--short", brief, "seconds")->check(CLI::Range(2., 60.));
  app.add_option("--long", lengthy, "seconds; 0: leave the long clip out");
  app.add_option("--child", how)->group("");
  app.add_option("--input", input)->group("");
  app.add_option("--output", output)->group("");
  app.add_option("--preset", preset)->group("");
  app.add_option("--region", region)->group("");
  CLI11_PARSE(app, argc, argv);
  if (!how.empty()) return child(how, input, output, preset, region);

  const quality::Scratch scratch;
  fmt::print(
      "Machine: {}.\nThe demo scene with a drawn mark.\n\n"
      "| clip | libx264 | plain MiB | ours MiB | difference |\n|---|---|---|---|---|\n",
      quality::machine());
  const auto compare = [&](const std::string& name, const std::string& file, const char* speed,
                           const std::string& told) {
    const double plain = peak_of("plain", file, scratch / "plain.mp4", speed, "");
    const double ours = peak_of("ours", file, scratch / "ours.mp4", speed, told);
    fmt::print("| {} | {} | {:.0f} | {:.0f} | {:+.0f} |\n", name, speed, plain, ours, ours - plain);
    std::fflush(stdout);
    return ours;
  };
  make_marked(size_from(size), brief, scratch, scratch / "large.mp4");
  compare(fmt::format("{}, {:.0f} s, no hint", size, brief), scratch / "large.mp4", "medium", "");
  if (lengthy <= 0) return 0;
  // The long clip is small and coded fast: what counts is its length. It is told the region, so
  // that every frame is sure to be restored.
  const std::string told = make_marked(size_from(flat_size), brief, scratch, scratch / "short.mp4");
  bench::repeat_clip(scratch / "short.mp4",
                     std::max(1, static_cast<int>(std::lround(lengthy / brief))),
                     scratch / "long.mp4");
  const double few = compare(fmt::format("{}, {:.0f} s, told", flat_size, brief),
                             scratch / "short.mp4", "ultrafast", told);
  const double many = compare(fmt::format("{}, {:.0f} s, told", flat_size, lengthy),
                              scratch / "long.mp4", "ultrafast", told);
  fmt::print("\nOurs, long against short: {:+.0f} MiB.\n", many - few);
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "memory: %s\n", failure.what());
  return 1;
}
