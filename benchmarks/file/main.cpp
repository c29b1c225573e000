// Time and peak memory of a whole file: a plain decode and encode, FFmpeg's delogo and removelogo
// between the same two, and ours, told the place and finding it; each run in a fresh process, in
// rounds, every way first in turn; each way's answer is verified before it is timed.
//   file [--size 1920x1080] [--seconds 10] [--clip dog.mp4] [--rounds 7] [--preset medium,veryfast]
//        [--ways plain,delogo,removelogo,found:auto,told:fill] [--old-case] [--json r.json]
#include <fmt/format.h>

#include <cstdio>
#include <map>

#include "file/verify.h"
#include "setup/plain.h"
#include "setup/results.h"
#include "setup/settings.h"

extern "C" {
#include <libavutil/log.h>
}

namespace {
using namespace bench;
using Names = std::vector<std::string>;

constexpr double old_rate = 4.2;  // frames/s of the system that came before, on its CPU path
constexpr int old_frames = 300;   // 1080p, in 71 s

/// "found:auto" is written without a space for the shell.
Names ways_from(Names given, const std::string& kind) {
  if (given.empty()) {
    given = {"plain", "delogo", "removelogo", "found:auto", "told:auto"};
    if (kind == "moving") given = {"plain", "found:auto", "told:auto"};
    if (kind == "seethrough") given.push_back("told:unblend");
    if (kind != "moving") given.insert(given.end(), {"told:propagate", "told:fill"});
  }
  Names ways;
  for (std::string way : given) {
    if (const auto colon = way.find(':'); colon != std::string::npos) way[colon] = ' ';
    if ((way == "delogo" || way == "removelogo") && !has_filter(way)) continue;
    if (way != "plain") ways.push_back(way);
  }
  ways.insert(ways.begin(), "plain");  // all others are held against it
  return ways;
}

/// Issue "as fast as a transcode", 1080p, CPU seconds against the plain transcode's.
std::optional<double> goal_of(const std::string& kind, const std::string& way,
                              const std::string& preset, cleanplate::Size size) {
  if (size != cleanplate::Size{1920, 1080}) return {};
  if (kind == "seethrough" && way == "found auto") {
    if (preset == "medium") return 1.08;
    if (preset == "veryfast") return 1.25;
    if (preset == "ultrafast") return 1.6;
  }
  if (kind == "opaque" && way == "told propagate" && preset == "medium") return 2;
  if (kind == "moving" && is_ours(way) && preset == "medium") return 1.5;
  return {};
}

struct Seen {
  Verified verified;
  std::vector<double> cpu, wall, peak, cpu_ratio, wall_ratio, more_mib;
  double scan_seconds = 0;
  std::string methods;
};

class Measure {
 public:
  Measure(const Settings& settings, const Material& material, Names ways)
      : settings_(settings), material_(material), ways_(std::move(ways)) {}

  void one_preset(const std::string& preset, int rounds, bool old_case, Results& results) {
    preset_ = preset;
    seen_.clear();
    verify_all(results);
    for (int n = 0; n < rounds; ++n) one_round(n);
    report(old_case, results);
  }

 private:
  [[nodiscard]] Job job(const std::string& way) const {
    Job made = settings_.job(material_, way);
    made.preset = preset_;
    return made;
  }
  void verify_all(Results& results) {
    const Verified* plain = nullptr;
    for (const std::string& way : ways_) {
      say(way, "to be verified");
      Seen seen;
      try {
        const Run first = run_in_child(job(way));
        seen.verified = verify(material_, job(way), first, plain);
        seen.scan_seconds = first.scan_seconds;
        seen.methods = first.methods;
      } catch (const std::exception& failure) {
        seen.verified.wrong = failure.what();
      }
      if (!seen.verified.wrong.empty())
        results.failures.push_back(
            fmt::format("{}, {}: {}; its time says nothing.", way, preset_, seen.verified.wrong));
      seen_.emplace_back(way, std::move(seen));
      if (way == "plain") {
        if (!seen_[0].second.verified.wrong.empty())
          throw std::runtime_error("plain: " + seen_[0].second.verified.wrong + ".");
        plain_ = seen_[0].second.verified;
        plain = &plain_;
      }
    }
  }
  void one_round(int n) {
    std::map<std::string, Run> runs;
    const std::size_t count = seen_.size();
    for (std::size_t k = 0; k < count; ++k) {
      // Each goes first in turn, so that a drift of the machine falls on all.
      const auto& [way, seen] = seen_[(k + static_cast<std::size_t>(n)) % count];
      if (!seen.verified.wrong.empty()) continue;
      say(way, fmt::format("round {}", n + 1));
      runs[way] = run_in_child(job(way));
    }
    for (auto& [way, seen] : seen_) {
      if (!seen.verified.wrong.empty()) continue;
      const Run &run = runs[way], &plain = runs["plain"];
      seen.cpu.push_back(run.cpu), seen.wall.push_back(run.wall), seen.peak.push_back(run.peak_mib);
      seen.cpu_ratio.push_back(run.cpu / plain.cpu);
      seen.wall_ratio.push_back(run.wall / plain.wall);
      seen.more_mib.push_back(run.peak_mib - plain.peak_mib);
    }
  }
  void report(bool old_case, Results& results) {
    const std::string& kind = settings_.material.kind;
    const cleanplate::Size size = settings_.material.clip.size;
    Table table{fmt::format("{}, x264 {}", kind, preset_),
                {"way", "CPU s", "CPU against plain", "wall s", "frames/s", "peak MiB",
                 "MiB over plain", "dB in the mark's place", "flashes", "methods; scan"},
                {}};
    Chart chart{fmt::format("{}_{}", kind, preset_),
                fmt::format("CPU seconds against a plain transcode, {}, {}, x264 {}", text_of(size),
                            kind, preset_),
                "×",
                {},
                1};
    for (const auto& [way, seen] : seen_) {
      if (seen.cpu.empty()) {
        table.rows.push_back({way, "wrong answer", "", "", "", "", "",
                              fmt::format("{:.1f}", seen.verified.psnr),
                              std::to_string(seen.verified.flashes), seen.methods});
        continue;
      }
      const Interval ratio = interval_of(seen.cpu_ratio), wall = interval_of(seen.wall);
      const double rate = material_.frames() / wall.median;
      table.rows.push_back(
          {way, text_of(interval_of(seen.cpu), 2), text_of(ratio, 3), text_of(wall, 2),
           fmt::format("{:.1f}", rate), fmt::format("{:.0f}", interval_of(seen.peak).median),
           text_of(interval_of(seen.more_mib), 0), fmt::format("{:.1f}", seen.verified.psnr),
           std::to_string(seen.verified.flashes),
           seen.methods.empty() ? ""
                                : fmt::format("{}; {:.2f} s", seen.methods, seen.scan_seconds)});
      chart.bars.push_back({way, ratio, is_ours(way)});
      const std::string name = fmt::format("{} {} {} {}", text_of(size), kind, preset_, way);
      results.metrics.push_back(
          {name + " CPU seconds", "s", interval_of(seen.cpu), true, false, {}});
      results.metrics.push_back({name + " wall seconds", "s", wall, true, false, {}});
      if (way == "plain") continue;
      results.metrics.push_back(
          {name + " CPU / plain", "×", ratio, true, true, goal_of(kind, way, preset_, size)});
      if (is_ours(way))
        results.metrics.push_back(
            {name + " peak − plain", "MiB", interval_of(seen.more_mib), true, true,
             size == cleanplate::Size{1920, 1080} ? std::optional<double>(100) : std::nullopt});
    }
    against_delogo(kind, size, results);
    if (old_case) against_old(results);
    results.tables.push_back(std::move(table));
    results.charts.push_back(std::move(chart));
  }
  void against_delogo(const std::string& kind, cleanplate::Size size, Results& results) {
    const Seen *ours = of("found auto"), *delogo = of("delogo");
    if (!ours || !delogo) return;
    std::vector<double> ratio;
    for (std::size_t i = 0; i < ours->cpu.size(); ++i)
      ratio.push_back(ours->cpu[i] / delogo->cpu[i]);
    const bool wanted =
        kind == "seethrough" && preset_ == "medium" && size == cleanplate::Size{1920, 1080};
    results.metrics.push_back(
        {fmt::format("{} {} {} found auto CPU / delogo", text_of(size), kind, preset_), "×",
         interval_of(ratio), true, true, wanted ? std::optional<double>(1.05) : std::nullopt});
  }
  void against_old(Results& results) {
    const Seen* ours = of("found auto");
    if (!ours) return;
    std::vector<double> times;
    for (const double wall : ours->wall) times.push_back(material_.frames() / wall / old_rate);
    const bool whole =
        material_.frames() == old_frames && material_.made().size() == cleanplate::Size{1920, 1080};
    results.metrics.push_back(
        {fmt::format("old case, {} frames, {}: times the old rate", material_.frames(), preset_),
         "×", interval_of(times), false, false, whole ? std::optional<double>(4) : std::nullopt});
    results.notes.push_back(
        fmt::format("The old system took 71 s over {} frames of 1080p on its CPU path, {} frames/s "
                    "(on another machine), with the logo flashing through in 5 % of them; over "
                    "these {} frames ours takes {:.1f} s, with {} flashes.",
                    old_frames, old_rate, material_.frames(), interval_of(ours->wall).median,
                    ours->verified.flashes));
  }
  [[nodiscard]] const Seen* of(const std::string& way) const {
    for (const auto& [name, seen] : seen_)
      if (name == way && !seen.cpu.empty()) return &seen;
    return nullptr;
  }
  void say(const std::string& way, const std::string& what) const {
    fmt::print(stderr, "file: {}, {}, {}\n", preset_, way, what);
  }

  const Settings& settings_;
  const Material& material_;
  Names ways_;
  std::string preset_;
  Verified plain_;
  std::vector<std::pair<std::string, Seen>> seen_;
};
}  // namespace

int main(int argc, char** argv) try {
  if (const auto status = bench::as_child(argc, argv)) return *status;
  av_log_set_level(AV_LOG_ERROR);
  bench::Settings settings;
  Names presets{"medium"}, ways;
  int rounds = 7;
  bool old_case = false;
  CLI::App app("Times whole files");
  settings.add_to(app);
  app.remove_option(app.get_option("--preset"));
  app.add_option("--preset", presets, "libx264's, for all; several, comma between")->delimiter(',');
  app.add_option("--rounds", rounds, "runs of each way")->check(CLI::Range(1, 1000));
  app.add_option("--ways", ways, "plain, delogo, removelogo, found:METHOD, told:METHOD")
      ->delimiter(',');
  app.add_flag("--old-case", old_case, "300 frames of 1080p, against the old system's rate");
  CLI11_PARSE(app, argc, argv);
  if (settings.quick) settings.size = "1280x720", settings.material.clip.seconds = 2, rounds = 1;
  settings.settle();
  if (old_case && !settings.quick) {
    settings.material.clip.frames = old_frames;
    settings.material.clip.size = {1920, 1080};
  }

  bench::Results results;
  results.program = "file";
  results.machine = bench::this_machine();
  const bench::Material material(settings.material);
  results.material = material.words();
  Measure measure(settings, material, ways_from(ways, settings.material.kind));
  for (const std::string& preset : presets) measure.one_preset(preset, rounds, old_case, results);
  results.notes.push_back(
      rounds == 1
          ? std::string("One run of each: how far these figures are to be trusted is not known.")
          : fmt::format(
                "Medians of {} runs of each in a fresh process, every way first in turn, and in "
                "brackets the interval that holds the true median with {:.0f} % (distribution "
                "free).",
                rounds, 100 * bench::coverage_of(rounds)));
  return bench::finish(results, settings.json);
} catch (const std::exception& failure) {
  std::fprintf(stderr, "file: %s\n", failure.what());
  return 1;
}
