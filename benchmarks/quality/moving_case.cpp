#include "moving_case.h"

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

struct Place {
  double x, y;
};

/// In over half a second, there, out again, away: a factor on the opacity.
double faded(double t) {
  const double at = std::fmod(t, 4);
  return std::clamp(std::min(2 * at, 2 * (3 - at)), 0., 1.);
}

/// Draws what is on a frame.
class Mover {
 public:
  Mover(const MovingOrder& order, const AVFrame& like, double rate) : order_(order), rate_(rate) {
    const auto width = static_cast<int>(std::lround(.12 * like.width));
    mark_ = order.logo.empty() ? demo::draw_channel_mark(width)
                               : demo::scaled(read_drawing(order.logo), width);
    margin_ = like.width / 25.;
    across_ = like.width - 2 * margin_ - mark_.width;
    down_ = like.height - 2 * margin_ - mark_.height;
  }

  [[nodiscard]] std::vector<demo::Overlay> at(int frame, const AVFrame& like) const {
    const double t = frame / rate_;
    const auto is = [&](const char* kind) { return order_.kind == kind; };
    std::vector<demo::Overlay> out;
    if (is("jump") || is("two")) out.push_back(marked(corner(static_cast<int>(t / 1.7)), like));
    if (is("two")) {
      const auto text = demo::draw_text("2026:07:31", std::max(12, like.width / 48));
      out.push_back(demo::overlay_from(text, (like.width - text.width) / 2,
                                       static_cast<int>(like.height * .45), .7F, like));
    }
    if (is("blink") && std::fmod(t, 2.2) < 1.3) out.push_back(marked(corner(0), like));
    if (is("fade")) out.push_back(marked(corner(0), like, static_cast<float>(faded(t))));
    if (is("part") && t > 1.4 && t < 3.1) out.push_back(marked(corner(1), like));
    if (is("bounce"))
      out.push_back(marked({reflected(.3 * across_ + like.width / 7.3 * t, across_),
                            reflected(.2 * down_ + like.width / 11.9 * t, down_)},
                           like));
    if (is("drift")) out.push_back(marked({.2 * across_ + .37 * frame, .15 * down_}, like));
    if (is("timecode")) {
      const auto text = demo::draw_text(demo::time_code(frame, static_cast<int>(rate_ + .5)),
                                        std::max(12, like.width / 40));
      out.push_back(demo::overlay_from(text, static_cast<int>(margin_),
                                       like.height - static_cast<int>(margin_) - text.height, 1,
                                       like));
    }
    if (is("captions") && std::fmod(t, 1.9) < 1.5) {
      constexpr const char* lines[] = {"20 481 77 3052", "614 9 0358 27", "77 77 18:40 5",
                                       "3 905 62:11 8"};
      const auto text =
          demo::draw_text(lines[static_cast<int>(t / 1.9) % 4], std::max(12, like.width / 36));
      out.push_back(demo::overlay_from(text, (like.width - text.width) / 2,
                                       static_cast<int>(like.height * .86), 1, like));
    }
    return out;
  }

 private:
  [[nodiscard]] Place corner(int n) const {
    constexpr int order[] = {0, 3, 1, 2};
    const int c = order[n % 4];
    return {c % 2 == 0 ? std::floor(across_) : 0., c < 2 ? 0. : std::floor(down_)};
  }
  [[nodiscard]] demo::Overlay marked(Place at, const AVFrame& like, float gain = 1) const {
    const double x = margin_ + at.x, y = margin_ + at.y;
    const double fx = x - std::floor(x), fy = y - std::floor(y);
    const bool still = order_.kind != "bounce" && order_.kind != "drift";
    return demo::overlay_from(still ? mark_ : nudged(mark_, fx, fy), static_cast<int>(x),
                              static_cast<int>(y), gain * static_cast<float>(order_.strength),
                              like);
  }
  MovingOrder order_;
  double rate_, margin_ = 0, across_ = 0, down_ = 0;
  demo::Drawing mark_;
};

}  // namespace

const std::vector<std::string>& moving_kinds() {
  static const std::vector<std::string> kinds{"jump",   "blink", "fade",     "part",    "two",
                                              "bounce", "drift", "timecode", "captions"};
  return kinds;
}

MovingCase::MovingCase(const MovingOrder& order, const std::string& input) {
  constexpr int surroundings = 8;  // luma samples
  ClipReader reader(order.clip);
  demo::FramePtr frame = demo::new_frame();
  std::optional<Mover> mover;
  std::unique_ptr<demo::ClipWriter> writer;
  std::int64_t first = 0;
  while (frames() < order.frames && reader.next(*frame)) {
    if (!mover) {
      mover.emplace(order, *frame, av_q2d(reader.video().avg_frame_rate));
      first = frame->pts;
      writer = std::make_unique<demo::ClipWriter>(
          input, *frame, settings_like(reader.video(), "veryfast", order.crf));
    }
    frame->pts -= first;
    truth_.push_back(mover->at(frames(), *frame));
    boxes_.emplace_back();
    clean_.emplace_back();
    for (const demo::Overlay& overlay : truth_.back()) {
      boxes_.back().push_back(boxes_around({overlay}, surroundings, *frame));
      clean_.back().push_back(cut(*frame, boxes_.back().back()));
    }
    demo::checked(av_frame_make_writable(frame.get()), "Copying a frame");
    for (const demo::Overlay& overlay : truth_.back()) demo::put_on(*frame, overlay);
    writer->push(*frame);
  }
  if (!mover) throw std::runtime_error(order.clip + " has no frames.");
  writer->finish();
}

cleanplate::Box MovingCase::first_box() const {
  const auto first =
      std::find_if(truth_.begin(), truth_.end(), [](const auto& on) { return !on.empty(); });
  if (first == truth_.end()) return {};
  const demo::Layer& layer = first->front().layers[0];
  return cleanplate::Box{layer.x, layer.y, layer.width, layer.height}.grown(6);
}

}  // namespace quality
