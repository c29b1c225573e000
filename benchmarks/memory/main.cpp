// Peak resident memory of ours against a plain decode and encode, each run in a process of its own,
// at two sizes; and for a short clip against a long one (the same packets over and over).
//   memory [--sizes 1920x1080,3840x2160] [--seconds 4] [--rounds 3]
//          [--flat-size 640x360] [--short 10] [--long 600] [--json r.json]
#include <fmt/format.h>

#include <cmath>
#include <cstdio>

#include "setup/results.h"
#include "setup/settings.h"

extern "C" {
#include <libavutil/log.h>
}

namespace {
using namespace bench;

struct Peaks {
  std::vector<double> plain, ours, more;
};

Peaks peaks_of(const Settings& settings, const Material& material, const std::string& input,
               const std::string& way, const std::string& preset, int rounds) {
  Peaks peaks;
  const auto peak = [&](const std::string& how) {
    Job job = settings.job(material, how);
    job.input = input;
    job.preset = preset;
    const Run done = run_in_child(job);
    if (done.nothing_found)
      throw std::runtime_error(how + " on " + input + ": no mark was found, so nothing was done.");
    return done.peak_mib;
  };
  for (int n = 0; n < rounds; ++n) {
    peaks.plain.push_back(peak("plain"));
    peaks.ours.push_back(peak(way));
    peaks.more.push_back(peaks.ours.back() - peaks.plain.back());
  }
  return peaks;
}

/// Ours over plain: 100 MB at 1080p, 300 MB at 2160p.
std::optional<double> goal_of(cleanplate::Size size) {
  if (size == cleanplate::Size{1920, 1080}) return 100;
  if (size == cleanplate::Size{3840, 2160}) return 300;
  return {};
}
}  // namespace

int main(int argc, char** argv) try {
  if (const auto status = bench::as_child(argc, argv)) return *status;
  av_log_set_level(AV_LOG_ERROR);
  bench::Settings settings;
  settings.material.clip.seconds = 4;
  std::vector<std::string> sizes{"1920x1080", "3840x2160"};
  std::string flat_size = "640x360";
  double brief = 10, lengthy = 600;
  int rounds = 3;
  CLI::App app("Measures peak memory");
  settings.add_to(app);
  app.remove_option(app.get_option("--size"));
  app.add_option("--sizes,--size", sizes, "of the clips for ours against plain")->delimiter(',');
  app.add_option("--flat-size", flat_size, "of the short and the long clip");
  app.add_option("--short", brief, "seconds")->check(CLI::Range(2., 60.));
  app.add_option("--long", lengthy, "seconds; 0: leave the long clip out");
  app.add_option("--rounds", rounds, "runs of each")->check(CLI::Range(1, 100));
  CLI11_PARSE(app, argc, argv);
  if (settings.quick) {
    sizes = {"1280x720"}, flat_size = "320x180", brief = 2, lengthy = 20, rounds = 1;
    settings.material.clip.seconds = 2;
  }

  bench::Results results;
  results.program = "memory";
  results.machine = bench::this_machine();
  Table table{"", {"clip", "x264", "way", "plain MiB", "ours MiB", "difference"}, {}};
  const auto compare = [&](const Material& material, const std::string& input,
                           const std::string& name, const std::string& preset,
                           const std::string& way, std::optional<double> goal, int times) {
    fmt::print(stderr, "memory: {}, {}\n", name, way);
    const Peaks peaks = peaks_of(settings, material, input, way, preset, times);
    table.rows.push_back({name, preset, way, text_of(interval_of(peaks.plain), 0),
                          text_of(interval_of(peaks.ours), 0),
                          text_of(interval_of(peaks.more), 0)});
    results.metrics.push_back({fmt::format("{} {} {} over plain", name, preset, way), "MiB",
                               interval_of(peaks.more), true, true, goal});
    return interval_of(peaks.ours).median;
  };
  for (const std::string& size : sizes) {
    settings.size = size;
    settings.settle();
    const Material material(settings.material);
    results.material += (results.material.empty() ? "" : "; ") + material.words();
    for (const char* way : {"found auto", "told auto", "told propagate"})
      compare(material, material.input(), size, settings.preset, way,
              goal_of(settings.material.clip.size), rounds);
  }
  if (lengthy > 0) {
    // The long clip is small and coded fast: what counts is its length. It is told the region, so
    // that every frame is sure to be restored.
    settings.size = flat_size;
    settings.settle();
    settings.material.clip.seconds = brief;
    settings.material.clip.frames = 0;
    Material material(settings.material);
    const int times = std::max(1, static_cast<int>(std::lround(lengthy / brief)));
    const double few =
        compare(material, material.input(), fmt::format("{}, {:.0f} s", flat_size, brief),
                "ultrafast", "told auto", {}, 1);
    const double many = compare(material, material.looped(times),
                                fmt::format("{}, {:.0f} s", flat_size, brief * times), "ultrafast",
                                "told auto", {}, 1);
    results.metrics.push_back(
        {fmt::format("{}, {:.0f} s over {:.0f} s", flat_size, brief * times, brief),
         "MiB",
         exactly(many - few),
         true,
         true,
         {}});
    results.notes.push_back(
        fmt::format("Ours, the long clip over the short: {:+.0f} MiB.", many - few));
  }
  results.tables.push_back(std::move(table));
  return bench::finish(results, settings.json);
} catch (const std::exception& failure) {
  std::fprintf(stderr, "memory: %s\n", failure.what());
  return 1;
}
