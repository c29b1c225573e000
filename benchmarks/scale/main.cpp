// How ours grows with threads and with the clip's length, beside a plain transcode; and how soon
// the first restored frame reaches the encoder.
//   scale [--what threads,length,first] [--size 1920x1080] [--seconds 4] [--rounds 5]
//         [--length-size 640x360] [--short 60] [--long 600] [--first-of 600] [--json r.json]
#include <cleanplate/installation.h>

#include <cstdio>

#include "scale/scale.h"

extern "C" {
#include <libavutil/log.h>
}

int main(int argc, char** argv) try {
  if (const auto status = bench::as_child(argc, argv)) return *status;
  av_log_set_level(AV_LOG_ERROR);
  bench::Settings settings;
  settings.material.clip.seconds = 4;
  bench::Lengths lengths;
  std::vector<std::string> what{"threads", "length", "first"};
  double first_of = 600;
  int rounds = 5, most = cleanplate::resources({}).cores;
  CLI::App app("Measures how time grows");
  settings.add_to(app);
  app.add_option("--what", what, "threads, length, first")
      ->delimiter(',')
      ->check(CLI::IsMember({"threads", "length", "first"}));
  app.add_option("--most-threads", most, "up to so many; the cores")->check(CLI::Range(1, 1024));
  app.add_option("--rounds", rounds, "runs of each; of the lengths at most 3")
      ->check(CLI::Range(1, 100));
  app.add_option("--length-size", lengths.size, "of the short and the long clip");
  app.add_option("--length-preset", lengths.preset, "libx264's, for these");
  app.add_option("--short", lengths.brief, "seconds")->check(CLI::Range(2., 3600.));
  app.add_option("--long", lengths.lengthy, "seconds")->check(CLI::Range(4., 36000.));
  app.add_option("--first-of", first_of, "seconds, of the clip whose first frame is waited for")
      ->check(CLI::Range(2., 36000.));
  CLI11_PARSE(app, argc, argv);
  if (settings.quick) {
    settings.size = "1280x720", settings.preset = "veryfast";
    settings.material.clip.seconds = 2;
    lengths = {"1280x720", "ultrafast", 2, 4};
    first_of = 10, rounds = 1;
  }
  settings.settle();

  bench::Results results;
  results.program = "scale";
  results.machine = bench::this_machine();
  for (const std::string& part : what) {
    if (part == "threads") measure_threads(settings, most, rounds, results);
    if (part == "length") measure_length(settings, lengths, std::min(rounds, 3), results);
    if (part == "first") measure_first_frame(settings, first_of, rounds, results);
  }
  return bench::finish(results, settings.json);
} catch (const std::exception& failure) {
  std::fprintf(stderr, "scale: %s\n", failure.what());
  return 1;
}
