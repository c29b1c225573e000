#include "case.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "clip_reader.h"
#include "demo_clip/marks.h"
#include "moved_drawing.h"
#include "picture.h"

namespace quality {

namespace {
constexpr int surroundings = 24;  // luma samples, for pictures

/// Where a drawing of this size lies: a margin of 4 % of the width from both edges of its corner,
/// of 1 % from all edges where its place is given.
std::array<int, 2> place(cleanplate::Size picture, const demo::Drawing& drawing,
                         const CaseOrder& order) {
  const auto between = [](int margin, int whole, int part, double share) {
    return margin + static_cast<int>(std::lround(share * std::max(0, whole - part - 2 * margin)));
  };
  const int margin = picture.width / (order.place ? 100 : 25);
  const std::array<double, 2> share =
      order.place.value_or(std::array{order.corner % 2 == 0 ? 1. : 0., order.corner < 2 ? 0. : 1.});
  return {between(margin, picture.width, drawing.width, share[0]),
          between(margin, picture.height, drawing.height, share[1])};
}

/// An overlay for each frame; the same each time unless the text counts or the mark moves: back and
/// forth beside its corner, so that what is kept of each frame is a part of it.
class Painter {
 public:
  Painter(const CaseOrder& order, const AVFrame& like, AVRational rate) : order_(order) {
    rate_ = std::max(1, static_cast<int>(std::lround(av_q2d(rate))));
    if (order.kind == "timecode") return;
    const auto width = static_cast<int>(std::lround(order.width * like.width));
    const demo::Drawing drawing = order.logo.empty()
                                      ? demo::draw_channel_mark(width)
                                      : demo::scaled(read_drawing(order.logo), width);
    if (moves())
      mark_ = drawing;
    else
      fixed_ = overlay_of(drawing, like, order.kind == "opaque" ? 1 : order.strength);
  }
  [[nodiscard]] bool changes() const { return !fixed_; }
  [[nodiscard]] demo::Overlay at(int frame, const AVFrame& like) const {
    if (fixed_) return *fixed_;
    if (moves())
      return moved(reflected(frame * like.width / 7.3 / rate_, span_x(like)),
                   reflected(frame * like.width / 17. / rate_, span_y(like)), like);
    const int height = std::max(12, like.width / 40);
    return overlay_of(demo::draw_text(demo::time_code(frame, rate_), height), like, 1);
  }
  /// All that any frame's overlay lies in.
  [[nodiscard]] std::vector<demo::Overlay> farthest(const AVFrame& like) const {
    if (!moves()) return {at(0, like)};
    return {moved(0, 0, like), moved(span_x(like), span_y(like), like)};
  }

 private:
  [[nodiscard]] bool moves() const { return order_.kind == "moving"; }
  static double span_x(const AVFrame& like) { return .3 * like.width; }
  static double span_y(const AVFrame& like) { return .2 * like.height; }
  /// So far from its corner towards the middle.
  [[nodiscard]] demo::Overlay moved(double dx, double dy, const AVFrame& like) const {
    const auto corner = place({like.width, like.height}, *mark_, order_);
    const double x = corner[0] + (order_.corner % 2 == 0 ? -dx : dx),
                 y = corner[1] + (order_.corner < 2 ? dy : -dy);
    return demo::overlay_from(nudged(*mark_, x - std::floor(x), y - std::floor(y)),
                              static_cast<int>(x), static_cast<int>(y),
                              static_cast<float>(order_.strength), like);
  }
  [[nodiscard]] demo::Overlay overlay_of(const demo::Drawing& drawing, const AVFrame& like,
                                         double strength) const {
    const auto at = place({like.width, like.height}, drawing, order_);
    return demo::overlay_from(drawing, at[0], at[1], static_cast<float>(strength), like);
  }
  CaseOrder order_;
  int rate_ = 25;
  std::optional<demo::Overlay> fixed_;
  std::optional<demo::Drawing> mark_;  // that moves
};

cleanplate::Box support_of(const demo::Layer& layer) {
  cleanplate::Box box;
  for (int y = layer.y; y < layer.y + layer.height; ++y)
    for (int x = layer.x; x < layer.x + layer.width; ++x)
      if (layer.alpha_at(x, y) > support_alpha) box = box.unite({x, y, 1, 1});
  return box;
}

/// Sound whose end lies past the last frame is left out.
void copy_sound(ClipReader& reader, demo::ClipWriter& writer, int stream, double first,
                double last) {
  const AVStream* sound = reader.sound();
  for (const auto& packet : reader.take_sound()) {
    const double at = static_cast<double>(packet->pts) * av_q2d(sound->time_base);
    if (packet->pts == AV_NOPTS_VALUE || at < first || at > last) continue;
    const auto shift = static_cast<std::int64_t>(std::llround(first / av_q2d(sound->time_base)));
    packet->pts -= shift;
    packet->dts = packet->pts;
    writer.push_packet(*packet, stream, sound->time_base);
  }
}
}  // namespace

demo::WriterSettings settings_like(const AVStream& video, const std::string& preset, int crf) {
  demo::WriterSettings settings;
  settings.crf = crf;
  settings.preset = preset;
  settings.time_base = video.time_base;
  settings.frame_rate = video.avg_frame_rate;
  settings.threads = 2;
  return settings;
}

Case::Case(const CaseOrder& order, const std::string& input, const std::string& clean) {
  ClipReader reader(order.clip);
  demo::FramePtr frame = demo::new_frame();
  std::optional<Painter> painter;
  std::unique_ptr<demo::ClipWriter> marked, bare;
  int marked_sound = -1;
  std::int64_t first = 0;
  const demo::WriterSettings settings = settings_like(reader.video(), order.preset, order.crf);
  while (frames_ < order.frames && reader.next(*frame)) {
    if (!painter) {
      painter.emplace(order, *frame, reader.video().avg_frame_rate);
      size_ = {frame->width, frame->height};
      bits_ = demo::bits_of(*frame);
      luma_weights_ = demo::luma_weights(*frame);
      first = frame->pts;
      marked = std::make_unique<demo::ClipWriter>(input, *frame, settings);
      if (reader.sound() && reader.sound()->codecpar->codec_id == AV_CODEC_ID_AAC)
        marked_sound = marked->copy_stream(*reader.sound());
      if (!clean.empty()) bare = std::make_unique<demo::ClipWriter>(clean, *frame, settings);
    }
    frame->pts -= first;
    if (bare) bare->push(*frame);
    if (truth_.empty() || painter->changes()) {
      truth_.push_back(painter->at(frames_, *frame));
      box_ = box_.unite(support_of(truth_.back().layers[0]));
    }
    if (frames_ == 0) {
      first_box_ = box_;
      boxes_ = boxes_around(painter->farthest(*frame), surroundings, *frame);
    }
    clean_.push_back(cut(*frame, boxes_));
    demo::checked(av_frame_make_writable(frame.get()), "Copying a frame");
    demo::put_on(*frame, truth_.back());
    marked->push(*frame);
    ++frames_;
    if (marked_sound >= 0) {
      const double base = av_q2d(reader.video().time_base);
      const double from = static_cast<double>(first) * base;
      copy_sound(reader, *marked, marked_sound, from,
                 from + static_cast<double>(frame->pts) * base);
    }
  }
  if (!painter) throw std::runtime_error(order.clip + " has no frames.");
  marked->finish();
  if (bare) bare->finish();
}

std::vector<float> Case::greatest_alpha() const {
  std::vector<float> map(static_cast<std::size_t>(size_.width) *
                         static_cast<std::size_t>(size_.height));
  for (const demo::Overlay& overlay : truth_) {
    const demo::Layer& layer = overlay.layers[0];
    for (int y = std::max(0, layer.y); y < std::min(size_.height, layer.y + layer.height); ++y)
      for (int x = std::max(0, layer.x); x < std::min(size_.width, layer.x + layer.width); ++x) {
        float& most = map[static_cast<std::size_t>(y * size_.width + x)];
        most = std::max(most, layer.alpha_at(x, y));
      }
  }
  return map;
}

std::vector<std::uint8_t> Case::alpha_map() const {
  std::vector<std::uint8_t> map;
  for (const float a : greatest_alpha())
    map.push_back(static_cast<std::uint8_t>(std::lround(255 * a)));
  return map;
}

std::vector<std::uint8_t> Case::support_map() const {
  std::vector<std::uint8_t> map;
  for (const float a : greatest_alpha()) map.push_back(a > support_alpha ? 255 : 0);
  return map;
}

}  // namespace quality
