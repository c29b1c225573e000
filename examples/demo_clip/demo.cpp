#include "demo.h"

#include <cmath>
#include <memory>
#include <optional>

#include "clip_writer.h"
#include "marks.h"
#include "scene.h"

namespace demo {

namespace {
/// The mark of one frame, in the bottom right corner, a margin of 4 % of the width from the edges.
Overlay mark_of(const DemoOrder& order, int number, const AVFrame& like) {
  const bool counts = order.kind == "timecode";
  const Drawing drawing = counts ? draw_text(time_code(number, order.rate), order.height / 20)
                                 : draw_channel_mark(order.width / 6);
  const int margin = order.width / 25;
  return overlay_from(drawing, order.width - margin - drawing.width,
                      order.height - margin - drawing.height,
                      order.kind == "seethrough" ? static_cast<float>(order.alpha) : 1, like);
}
}  // namespace

void write_demo(const DemoOrder& order, const std::string& path, const std::string& clean) {
  const Scene scene(order.width, order.height, order.rate, order.pan);
  const auto frames = static_cast<int>(std::lround(order.seconds * order.rate));
  WriterSettings settings;
  settings.crf = order.crf;
  settings.preset = order.preset;
  settings.time_base = {1, order.rate};
  settings.frame_rate = {order.rate, 1};
  std::unique_ptr<ClipWriter> marked, bare;
  std::optional<Overlay> mark;
  for (int n = 0; n < frames; ++n) {
    FramePtr frame = scene.draw(n);
    if (!marked) {
      marked = std::make_unique<ClipWriter>(path, *frame, settings);
      if (!clean.empty()) bare = std::make_unique<ClipWriter>(clean, *frame, settings);
      if (order.sound) marked->add_sweep(order.seconds);
      if (order.sound && bare) bare->add_sweep(order.seconds);
    }
    if (bare) bare->push(*frame);
    if (order.kind != "none") {
      if (!mark || order.kind == "timecode") mark = mark_of(order, n, *frame);
      checked(av_frame_make_writable(frame.get()), "Copying a frame");
      put_on(*frame, *mark);
    }
    marked->push(*frame);
  }
  if (!marked) throw std::runtime_error("A clip has at least one frame; give more --seconds.");
  marked->finish();
  if (bare) bare->finish();
}

}  // namespace demo
