/// @file
/// The flags that the programs share.
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "setup/job.h"
#include "setup/material.h"

namespace bench {

struct Settings {
  MaterialOrder material;
  std::string size = "1920x1080", preset = "medium", json;
  std::vector<std::string> set;  ///< option=value of the library's
  bool quick = false;
  int threads = 0;

  /// --size --seconds --frames --clip --logo --kind --alpha --preset --threads --set --json --quick
  void add_to(CLI::App& app) {
    app.add_option("--size", size, "WIDTHxHEIGHT, even");
    app.add_option("--seconds", material.clip.seconds, "of the clip")->check(CLI::PositiveNumber);
    app.add_option("--frames", material.clip.frames, "of the clip, instead of seconds");
    app.add_option("--clip", material.clip.source,
                   "scale this clip and loop it instead of making the demo scene");
    app.add_option("--logo", material.logo, "a PNG with alpha; else a mark is drawn");
    app.add_option("--kind", material.kind, "seethrough, opaque, timecode, moving")
        ->check(CLI::IsMember({"seethrough", "opaque", "timecode", "moving"}));
    app.add_option("--alpha", material.strength, "opacity of seethrough and moving")
        ->check(CLI::Range(0., 1.));
    app.add_option("--preset", preset, "libx264's, for all");
    app.add_option("--threads", threads, "for all; 0: as many as there are cores");
    app.add_option("--set", set, "option=value of cleanplate's, for ours");
    app.add_option("--json", json, "write all figures there");
    app.add_flag("--quick", quick, "small and short: whether it works, not how fast it is");
  }
  /// After parsing. @throws std::runtime_error: a bad size.
  void settle() { material.clip.size = size_from(size); }
  /// A job with these settings.
  [[nodiscard]] Job job(const Material& on, const std::string& way) const {
    Job made = job_of(on, way, preset);
    made.threads = threads;
    made.set = set;
    if (material.kind == "moving") made.set.emplace_back("track=moving");
    return made;
  }
};

}  // namespace bench
