// Writes one case's files: for developing against a known truth.
//   make_case --clip dog.mp4 --logo python_white.png --kind seethrough --alpha .4
//             -o in.mp4 [--clean clean.mp4] [--truth PREFIX]
// Of a mark that moves (quality --cases moving) the clip alone, and its first place on stdout.
// The truth: PREFIX.alpha.png (α·255, luma grid) and PREFIX.w0.png … w2.png (W of Y, Cb, Cr on
// their own grids, scaled to 8 bit, 0 outside), PREFIX.json (box, size, frames).
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "case.h"
#include "moving_case.h"
#include "picture.h"

extern "C" {
#include <libavutil/log.h>
}

namespace {
void write_truth(const quality::Case& made, const quality::CaseOrder& order,
                 const std::string& prefix) {
  const cleanplate::Size size = made.size();
  quality::write_png(prefix + ".alpha.png", size.width, size.height, 1, made.alpha_map());
  for (int c = 0; c < 3; ++c) {
    const demo::Layer& layer = made.truth(0).layers[static_cast<std::size_t>(c)];
    const int halved = c && made.truth(0).layers[1].width < made.truth(0).layers[0].width;
    const int low = c && made.truth(0).layers[1].height < made.truth(0).layers[0].height;
    const int w = (size.width + halved) >> halved, h = (size.height + low) >> low;
    std::vector<std::uint8_t> map(static_cast<std::size_t>(w) * static_cast<std::size_t>(h));
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x)
        map[static_cast<std::size_t>(y * w + x)] = static_cast<std::uint8_t>(
            std::lround(std::ldexp(layer.colour_at(x, y), 8 - made.bits())));
    quality::write_png(prefix + ".w" + std::to_string(c) + ".png", w, h, 1, map);
  }
  const cleanplate::Box box = made.support_box();
  const nlohmann::json truth = {{"clip", order.clip},
                                {"logo", order.logo},
                                {"kind", order.kind},
                                {"strength", order.strength},
                                {"box", {box.x, box.y, box.width, box.height}},
                                {"size", {size.width, size.height}},
                                {"frames", made.frames()},
                                {"bits", made.bits()}};
  std::ofstream(prefix + ".json") << truth.dump(1) << '\n';
}
}  // namespace

int main(int argc, char** argv) try {
  av_log_set_level(AV_LOG_ERROR);
  quality::CaseOrder order;
  std::string output, clean, truth;
  std::vector<double> place;
  order.kind = "seethrough";
  CLI::App app("Writes a clip with a known overlay on it, and the truth");
  app.add_option("--clip", order.clip, "the clean clip")->required();
  app.add_option("--logo", order.logo, "a PNG with alpha; else a mark is drawn");
  app.add_option("--kind", order.kind,
                 "seethrough, opaque, timecode, or one that moves: bounce, drift, captions, …");
  app.add_option("--alpha", order.strength, "opacity of seethrough")->check(CLI::Range(0., 1.));
  app.add_option("--corner", order.corner, "0 top right, 1 top left, 2 bottom right, 3 bottom left")
      ->check(CLI::Range(0, 3));
  app.add_option("--width", order.width, "of a mark that stays, in widths of the picture")
      ->check(CLI::Range(.01, .9));
  app.add_option("--place", place,
                 "instead of a corner: right and down, shares of the room, 0 to 1")
      ->expected(2);
  app.add_option("--frames", order.frames, "at most so many")->check(CLI::PositiveNumber);
  app.add_option("--preset", order.preset, "libx264's");
  app.add_option("--crf", order.crf, "libx264's")->check(CLI::Range(0, 51));
  app.add_option("-o,--output", output, "the clip with the overlay")->required();
  app.add_option("--clean", clean, "the clip without it, encoded alike");
  app.add_option("--truth", truth, "prefix of the truth's files");
  CLI11_PARSE(app, argc, argv);
  if (!place.empty()) order.place = {place[0], place[1]};
  const auto& moving = quality::moving_kinds();
  if (order.kind != "timecode" &&
      std::find(moving.begin(), moving.end(), order.kind) != moving.end()) {
    const quality::MovingCase made(
        {order.clip, order.logo, order.kind, order.strength, order.frames, order.crf}, output);
    const cleanplate::Box box = made.first_box();
    std::printf("%d,%d,%d,%d@0-0.01\n", box.x, box.y, box.width, box.height);
    return 0;
  }
  if (order.kind != "seethrough" && order.kind != "opaque" && order.kind != "timecode")
    throw std::runtime_error("There is no kind of case called " + order.kind + ".");
  const quality::Case made(order, output, clean);
  if (!truth.empty()) write_truth(made, order, truth);
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "make_case: %s\n", failure.what());
  return 1;
}
