// A clip of before and after side by side, for the eye.
//   before_after IN -o OUT.mp4 [--region x,y,w,h[@t0-t1]] [--moving] [--frames 150]
#include <cleanplate/pipeline.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstring>
#include <memory>

#include "case.h"
#include "clip_reader.h"
#include "ours.h"
#include "scratch.h"

extern "C" {
#include <libavutil/log.h>
}

namespace {
using quality::Crop;

Crop all_of(const cleanplate::Frame& frame) {
  quality::CropBoxes boxes{};
  for (int c = 0; c < frame.format().components(); ++c) {
    const cleanplate::ComponentView view = frame.component(c);
    boxes[static_cast<std::size_t>(c)] = {0, 0, view.width, view.height};
  }
  return quality::cut(frame, boxes);
}

/// The frame as decoded, and right of it the one that was restored.
demo::FramePtr beside(const AVFrame& before, const Crop& after) {
  demo::FramePtr both = demo::new_frame();
  both->format = before.format, both->width = 2 * before.width, both->height = before.height;
  demo::checked(av_frame_get_buffer(both.get(), 0), "Allocating a frame");
  demo::checked(av_frame_copy_props(both.get(), &before), "Copying a frame's properties");
  const std::size_t bytes = demo::bits_of(before) > 8 ? 2 : 1;
  for (int c = 0; c < 3; ++c) {
    const quality::Patch& patch = after[static_cast<std::size_t>(c)];
    const auto row = static_cast<std::size_t>(patch.width) * bytes;
    for (int y = 0; y < patch.height; ++y) {
      std::uint8_t* to = both->data[c] + static_cast<std::ptrdiff_t>(y) * both->linesize[c];
      std::memcpy(to, before.data[c] + static_cast<std::ptrdiff_t>(y) * before.linesize[c], row);
      for (int x = 0; x < patch.width; ++x) {
        const auto sample = static_cast<std::uint16_t>(patch.at(x, y));
        std::memcpy(to + row + static_cast<std::size_t>(x) * bytes, &sample, bytes);
      }
    }
  }
  return both;
}
}  // namespace

int main(int argc, char** argv) try {
  av_log_set_level(AV_LOG_ERROR);
  std::string input, output;
  cleanplate::Options options;
  int frames = 150;
  bool moving = false;
  CLI::App app("Restores a clip and writes before and after side by side");
  app.add_option("IN", input, "a planar 4:2:0 clip with an overlay")->required();
  app.add_option("-o,--output", output, "the clip of both")->required();
  app.add_option("--region", options.region, "where the overlay is; else it is looked for");
  app.add_flag("--moving", moving, "it is followed from there");
  app.add_option("--frames", frames, "at most so many")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  if (moving) options.track = "moving";
  options.encoder_options = "preset=ultrafast";
  options.always = true;
  const quality::Scratch scratch;
  quality::ClipReader reader(input);
  demo::FramePtr before = demo::new_frame();
  std::unique_ptr<demo::ClipWriter> writer;
  cleanplate::Callbacks callbacks;
  callbacks.restored = [&](const cleanplate::Frame& after) {
    if (frames-- <= 0 || !reader.next(*before)) return;
    const demo::FramePtr both = beside(*before, all_of(after));
    if (!writer)
      writer = std::make_unique<demo::ClipWriter>(
          output, *both, quality::settings_like(reader.video(), "medium", 20));
    writer->push(*both);
  };
  auto pipeline = cleanplate::Pipeline::create(options);
  if (!pipeline) throw std::runtime_error(pipeline.error().message);
  const auto report = pipeline->run(input, scratch / "restored.mp4", callbacks);
  if (!report) throw std::runtime_error(report.error().message);
  if (!writer) throw std::runtime_error("Nothing was restored, so there is nothing to show.");
  writer->finish();
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "before_after: %s\n", failure.what());
  return 1;
}
