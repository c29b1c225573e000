// Makes a clip to try cleanplate on: a moving scene, a see-through mark, sound.
//   demo_clip demo.mp4 [--clean clean.mp4] [--kind opaque|timecode] [--size 1920x1080]
#include <CLI/CLI.hpp>
#include <cstdio>

#include "demo.h"

extern "C" {
#include <libavutil/log.h>
}

int main(int argc, char** argv) try {
  av_log_set_level(AV_LOG_ERROR);
  demo::DemoOrder order;
  std::string path, clean, size = "1280x720";
  bool silent = false;
  CLI::App app("Makes a clip with a mark on it");
  app.add_option("out", path, "the clip, .mp4")->required();
  app.add_option("--clean", clean, "the same without the mark");
  app.add_option("--kind", order.kind, "seethrough, opaque, timecode or none")
      ->check(CLI::IsMember({"seethrough", "opaque", "timecode", "none"}));
  app.add_option("--alpha", order.alpha, "opacity of seethrough, 0 to 1")
      ->check(CLI::Range(0., 1.));
  app.add_option("--pan", order.pan, "factor on the camera's speed; 0: it stands still")
      ->check(CLI::Range(0., 4.));
  app.add_option("--size", size, "WIDTHxHEIGHT, even");
  app.add_option("--seconds", order.seconds, "length")->check(CLI::PositiveNumber);
  app.add_option("--rate", order.rate, "frames a second")->check(CLI::Range(1, 240));
  app.add_option("--preset", order.preset, "libx264's");
  app.add_option("--crf", order.crf, "libx264's")->check(CLI::Range(0, 51));
  app.add_flag("--no-sound", silent);
  CLI11_PARSE(app, argc, argv);
  order.sound = !silent;
  if (std::sscanf(size.c_str(), "%dx%d", &order.width, &order.height) != 2 || order.width < 64 ||
      order.height < 64 || order.width % 2 || order.height % 2)
    throw std::runtime_error("--size " + size + ": give even numbers of 64 or more, as 1280x720.");
  demo::write_demo(order, path, clean);
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "demo_clip: %s\n", failure.what());
  return 1;
}
