// DESIGN §12: known overlays on clean clips, taken off by cleanplate and by others, against the
// truth.
//   quality --data DIR [--clips dog,bunny] [--logos python_white] [--kinds seethrough,opaque]
//           [--frames 150] [--before-encoder] [--outside] [--json r.json] [--pictures DIR]
//   quality --data DIR --cases moving [--clips …] [--logos …] [--kinds jump,blink] [--frames 150]
//   quality --data DIR --cases opaque [--clips …]: what is hidden for good, and behind marks that
//   move
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "moving.h"
#include "table.h"

extern "C" {
#include <libavutil/log.h>
}

namespace {
namespace fs = std::filesystem;
using Names = std::vector<std::string>;

/// Files of a folder by stem, sorted; only those in `wanted` unless it is empty.
std::vector<fs::path> files_of(const fs::path& folder, const Names& wanted) {
  if (!fs::is_directory(folder))
    throw std::runtime_error(folder.string() + " is no folder; give --data or CLEANPLATE_DATA.");
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (wanted.empty() || std::count(wanted.begin(), wanted.end(), entry.path().stem().string()))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const std::string& name : wanted)
    if (std::none_of(files.begin(), files.end(), [&](const auto& f) { return f.stem() == name; }))
      throw std::runtime_error("There is no " + name + " in " + folder.string() + ".");
  return files;
}

struct Job {
  quality::CaseOrder order;
  quality::RunSetting setting;
};

/// The n-th place of a series that covers the picture evenly, not in its corners alone.
std::array<double, 2> anywhere(std::size_t n) {
  const auto share = [&](double step) { return std::fmod(.5 + static_cast<double>(n) * step, 1); };
  return {share(.7548776662), share(.5698402910)};  // Roberts 2018: R2, a low-discrepancy series
}

/// Clips × logos × kinds; without named logos each clip gets two of them in turn, so that all
/// logos come up and the number of cases stays in hand. Corners, or places, and widths go round.
std::vector<Job> jobs_of(const std::vector<fs::path>& clips, const std::vector<fs::path>& logos,
                         bool all_logos, const Names& kinds, const std::vector<double>& widths,
                         bool in_corners, const Job& like) {
  std::vector<Job> jobs;
  int corner = 0;
  for (std::size_t c = 0; c < clips.size(); ++c)
    for (const std::string& kind : kinds) {
      const std::size_t count = kind == "timecode" ? 1 : all_logos ? logos.size() : 2;
      for (std::size_t l = 0; l < count; ++l) {
        Job job = like;
        job.order.clip = clips[c];
        job.order.kind = kind;
        job.order.width = widths[jobs.size() % widths.size()];
        if (!in_corners) job.order.place = anywhere(jobs.size());
        job.order.corner = corner++ % 4;
        job.setting.name = clips[c].stem().string();
        if (kind != "timecode") {
          const std::size_t pick = all_logos ? l : (c + l * (logos.size() / 2)) % logos.size();
          job.order.logo = logos[pick];
          job.setting.name += "_" + logos[pick].stem().string();
        }
        job.setting.name += "_" + kind;
        jobs.push_back(std::move(job));
      }
      if (kind != "timecode") ++corner;  // else two logos a clip would always share two corners
    }
  return jobs;
}

/// Runs `work(0 … count-1)` on so many threads.
template <class Work>
void in_parallel(std::size_t count, int threads, Work&& work) {
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> pool;
  for (int t = 0; t < threads; ++t)
    pool.emplace_back([&] {
      for (std::size_t i; (i = next++) < count;) work(i);
    });
  for (std::thread& thread : pool) thread.join();
}

/// Marks that move: clips × kinds, a logo each in turn.
void run_moving_cases(const std::vector<fs::path>& clips, const std::vector<fs::path>& logos,
                      const Names& kinds, const Job& like, quality::MovingHint hint, int threads,
                      bool peers) {
  const Names all = kinds.empty() ? quality::moving_kinds() : kinds;
  std::vector<quality::MovingResult> results(all.size() * clips.size());
  in_parallel(results.size(), threads, [&](std::size_t i) {
    const std::size_t c = i % clips.size();
    quality::MovingOrder order;
    order.clip = clips[c];
    order.logo = logos[c % logos.size()];
    order.kind = all[i / clips.size()];
    order.frames = like.order.frames;
    order.strength = like.order.strength;
    try {
      results[i] = quality::run_moving(order, hint, peers);
    } catch (const std::exception& failure) {
      results[i].clip = clips[c].stem(), results[i].kind = order.kind;
      results[i].error = failure.what();
    }
    std::fputs(quality::moving_table({results[i]}).c_str(), stderr);
  });
  std::fputs(quality::moving_table(results).c_str(), stdout);
}
}  // namespace

int main(int argc, char** argv) try {
  av_log_set_level(AV_LOG_ERROR);
  const char* from_env = std::getenv("CLEANPLATE_DATA");
  std::string data = from_env ? from_env : CLEANPLATE_DATA_STANDARD, json;
  std::string cases = "still";
  Names clips, logos, kinds;
  std::vector<double> widths{.12};
  Job like;
  double seconds = 0;
  int threads = 1;
  bool bare = true, told = false, known = false, spread = false;
  CLI::App app("Measures removal against the truth");
  app.add_option("--data", data, "folder with clips/ and logos/; else CLEANPLATE_DATA");
  app.add_option("--clips", clips, "names, comma between; all")->delimiter(',');
  app.add_option("--logos", logos, "names; two a clip in turn")->delimiter(',');
  app.add_option(
         "--cases", cases,
         "still; moving: marks that move, jump, blink, change; opaque: told opaque marks that "
         "stay, bounce or change, with peers")
      ->check(CLI::IsMember({"still", "moving", "opaque"}));
  app.add_flag("--told", told, "moving: the first place is told");
  app.add_flag("--template", known, "moving: the logo's file is given");
  app.add_option(
         "--kinds", kinds,
         "seethrough, opaque, timecode; moving: jump, blink, fade, part, two, bounce, drift, "
         "timecode, captions; all")
      ->delimiter(',')
      ->check(CLI::IsMember({"seethrough", "opaque", "timecode", "jump", "blink", "fade", "part",
                             "two", "bounce", "drift", "captions"}));
  app.add_option("--alpha", like.order.strength, "opacity of seethrough")
      ->check(CLI::Range(0., 1.));
  app.add_option("--widths", widths, "of the marks that stay, in widths of the picture; in turn")
      ->delimiter(',')
      ->check(CLI::Range(.01, .9));
  app.add_flag("--anywhere", spread, "marks that stay: not in the corners alone");
  app.add_option("--crf", like.order.crf, "libx264's, for all encodes")->check(CLI::Range(0, 51));
  app.add_option("--frames", like.order.frames, "of each clip, at most")
      ->check(CLI::PositiveNumber);
  app.add_option("--seconds", seconds, "of each clip at most, taken at 30 frames a second");
  app.add_option("--preset", like.order.preset, "libx264's, for all encodes");
  app.add_option("--jobs", threads, "cases at a time")->check(CLI::Range(1, 64));
  app.add_flag("--before-encoder", like.setting.before_encoder,
               "measure all methods before their encoder: faster");
  app.add_flag("--outside", like.setting.outside, "also compare samples outside under lossless");
  app.add_flag("--bare,!--no-bare", bare, "also run on the clips without an overlay");
  app.add_option("--ways", like.setting.ways, "fill, propagate, told, blind, template, peers; all")
      ->delimiter(',')
      ->check(CLI::IsMember({"fill", "propagate", "told", "blind", "template", "peers"}));
  app.add_option("--json", json, "write all figures there");
  app.add_option("--pictures", like.setting.pictures, "folder for enlarged crops");
  CLI11_PARSE(app, argc, argv);
  if (seconds > 0) like.order.frames = static_cast<int>(std::lround(seconds * 30));
  if (!like.setting.pictures.empty()) fs::create_directories(like.setting.pictures);

  const auto clip_files = files_of(fs::path(data) / "clips", clips);
  const auto logo_files = files_of(fs::path(data) / "logos", logos);
  if (cases == "moving") {
    run_moving_cases(clip_files, logo_files, kinds, like,
                     told    ? quality::MovingHint::region
                     : known ? quality::MovingHint::master
                             : quality::MovingHint::none,
                     threads, false);
    return 0;
  }
  if (cases == "opaque") {
    like.order.strength = 1;
    like.setting.before_encoder = true;
    if (app.count("--ways") == 0) like.setting.ways = {"told", "peers"};
    run_moving_cases(clip_files, logo_files, {"bounce", "captions"}, like,
                     quality::MovingHint::place, threads, like.setting.wants("peers"));
    kinds = {"opaque"};
    bare = false;
  }
  if (kinds.empty()) kinds = {"seethrough", "opaque", "timecode"};
  const auto jobs = jobs_of(clip_files, logo_files, !logos.empty(), kinds, widths, !spread, like);
  quality::Results results;
  results.before_encoder = like.setting.before_encoder;
  results.cases.resize(jobs.size());
  results.bare.resize(bare ? clip_files.size() : 0);
  std::mutex printing;
  const auto say = [&](const std::string& what) {
    const std::lock_guard lock(printing);
    std::fprintf(stderr, "%s\n", what.c_str());
  };
  in_parallel(jobs.size(), threads, [&](std::size_t i) {
    try {
      results.cases[i] = quality::run_case(jobs[i].order, jobs[i].setting);
    } catch (const std::exception& failure) {
      results.cases[i].name = jobs[i].setting.name;
      results.cases[i].error = failure.what();
    }
    say(jobs[i].setting.name);
  });
  in_parallel(results.bare.size(), threads, [&](std::size_t i) {
    quality::CaseOrder order = like.order;
    order.clip = clip_files[i];
    try {
      results.bare[i] = quality::run_bare(order);
    } catch (const std::exception& failure) {
      results.bare[i].clip = clip_files[i].stem();
      results.bare[i].error = failure.what();
    }
    say(results.bare[i].clip + " without an overlay");
  });
  std::fputs(quality::to_markdown(results).c_str(), stdout);
  if (!json.empty()) std::ofstream(json) << quality::to_json(results).dump(1) << '\n';
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "quality: %s\n", failure.what());
  return 1;
}
