// One frame of several clips of one size, enlarged, as one picture for the eye.
//   enlarge before.mp4 after.mp4 clean.mp4 --frame 60 --box x,y,w,h [--times 3] -o p.png
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "clip_reader.h"
#include "side_by_side.h"

extern "C" {
#include <libavutil/log.h>
}

namespace {
demo::FramePtr frame_of(const std::string& clip, int number) {
  quality::ClipReader reader(clip);
  demo::FramePtr frame = demo::new_frame();
  for (int n = 0; n <= number; ++n)
    if (!reader.next(*frame))
      throw std::runtime_error(clip + " has no frame " + std::to_string(number) + ".");
  return frame;
}

/// The part of `box` that is in the frame, whole chroma samples.
quality::CropBoxes boxes_in(const std::vector<int>& box, const AVFrame& frame) {
  quality::CropBoxes boxes{};
  for (int c = 0; c < 3; ++c) {
    const auto [w, h] = demo::size_of(frame, c);
    const int sx = w < frame.width, sy = h < frame.height;
    const int x = std::clamp(box[0] / 2 * 2 >> sx, 0, w),
              y = std::clamp(box[1] / 2 * 2 >> sy, 0, h);
    boxes[static_cast<std::size_t>(c)] = {x, y, std::clamp(box[2] >> sx, 0, w - x),
                                          std::clamp(box[3] >> sy, 0, h - y)};
  }
  if (boxes[1][2] < 1 || boxes[1][3] < 1)
    throw std::runtime_error(
        "The box has nothing of the picture in it; give --box x,y,w,h inside it.");
  return boxes;
}
}  // namespace

int main(int argc, char** argv) try {
  av_log_set_level(AV_LOG_ERROR);
  std::vector<std::string> clips;
  std::vector<int> box;
  std::string output;
  int number = 0, times = 3;
  CLI::App app("One frame of several clips, enlarged, as one picture");
  app.add_option("CLIPS", clips, "planar Y, Cb, Cr, of one size")->required();
  app.add_option("--frame", number, "which, from 0")->check(CLI::NonNegativeNumber);
  app.add_option("--box", box, "x,y,w,h in luma samples")->delimiter(',')->expected(4)->required();
  app.add_option("--times", times, "how often its size")->check(CLI::Range(1, 16));
  app.add_option("-o,--output", output, "the picture, .png")->required();
  CLI11_PARSE(app, argc, argv);
  const demo::FramePtr first = frame_of(clips.front(), number);
  const quality::CropBoxes boxes = boxes_in(box, *first);
  quality::Strip strip(demo::luma_weights(*first), demo::bits_of(*first), times);
  for (const std::string& clip : clips) {
    const demo::FramePtr frame = frame_of(clip, number);
    if (frame->width != first->width || frame->height != first->height ||
        frame->format != first->format)
      throw std::runtime_error(clip + " has frames of another kind than " + clips.front() + ".");
    strip.add(quality::cut(*frame, boxes));
  }
  strip.write(output);
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "enlarge: %s\n", failure.what());
  return 1;
}
