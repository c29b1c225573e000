#include "detect/yolo_detector.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/log.h"
#include "core/try.h"
#include "detect/frame_order.h"
#include "detect/yolo_answer.h"
#include "frame/rgb.h"
#include "infer/device_tensor.h"
#include "infer/user_network.h"

namespace cleanplate {

namespace {

constexpr std::int64_t most_waiting = std::int64_t{64} << 20;  // floats: 256 MiB of pictures

/// "0,3" → 0 and 3.
Result<std::vector<int>> class_numbers(std::string_view text) {
  std::vector<int> out;
  const std::string_view whole = text;
  while (!text.empty()) {
    const auto comma = text.find(',');
    std::string_view one = text.substr(0, comma);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    int number = -1;
    const auto [stop, failure] = std::from_chars(one.data(), one.data() + one.size(), number);
    if (failure != std::errc{} || stop != one.data() + one.size() || number < 0)
      return Error{Code::invalid_option, "detect",
                   fmt::format("Option 'detector_classes' is '{}'; it must be class numbers from 0 "
                               "with commas between, as 0,3.",
                               whole)};
    out.push_back(number);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<YoloDetector>> YoloDetector::open(const Options& options,
                                                         const VideoInfo& video,
                                                         const Device& device) {
  return guarded("detect", [&]() -> Result<std::unique_ptr<YoloDetector>> {
    CP_TRY(auto classes, class_numbers(options.detector_classes));
    if (video.size.width < 1 || video.size.height < 1)
      return Error{Code::invalid_argument, "detect", "A detector needs the size of the frames."};
    std::unique_ptr<YoloDetector> made(
        new YoloDetector(options, video, device, std::move(classes)));
    CP_CHECK(made->load());
    return made;
  });
}

Result<void> YoloDetector::load() {
  auto loaded = load_user_network("detect", options_.detector_model, options_, device_);
  if (!loaded && device_ && loaded.error().code != Code::network) return to_host(loaded.error());
  if (!loaded) return std::move(loaded).error();
  network_ = std::move(loaded->network);
  if (loaded->otherwise) degradations_.push_back(*loaded->otherwise);
  return {};
}

Result<void> YoloDetector::to_host(const Error& why) {
  network_.reset();
  degradations_.push_back({"detect", network_device(device_), "cpu", why.message, 0});
  device_ = Device();
  return load();
}

YoloDetector::YoloDetector(const Options& options, const VideoInfo& video, Device device,
                           std::vector<int> classes)
    : options_(options),
      device_(device && device.core().card() ? std::move(device) : Device()),
      least_score_(std::max(options.min_score, .01)),
      batch_(options.detect_batch),
      at_once_(options.detect_batch),
      classes_(std::move(classes)),
      picture_(video.size),
      square_(letterbox(video.size, options.detector_size)) {
  const std::int64_t one = std::int64_t{3} * square_.side * square_.side;
  batch_ = static_cast<int>(std::clamp<std::int64_t>(most_waiting / one, 1, batch_));
}

Result<Flow> YoloDetector::push(const Frame& frame) {
  return guarded("detect", [&]() -> Result<Flow> {
    CP_CHECK(comes_after(frame, last_));
    CP_CHECK(is_of_size(frame, picture_));
    CP_TRY(const Picture rgb, to_rgb(frame));
    const auto one =
        3 * static_cast<std::size_t>(square_.side) * static_cast<std::size_t>(square_.side);
    planes_.resize((waiting_.size() + 1) * one);
    fill_letterbox(rgb, square_, planes_.data() + waiting_.size() * one);
    waiting_.push_back(frame.pts);
    last_ = frame.pts;
    if (static_cast<int>(waiting_.size()) >= batch_) CP_CHECK(look());
    return Flow::ok;
  });
}

Result<void> YoloDetector::look() {
  for (std::size_t first = 0; first < waiting_.size();) {
    const int count =
        static_cast<int>(std::min(waiting_.size() - first, static_cast<std::size_t>(at_once_)));
    if (auto looked = look(first, count); !looked) {
      const Code code = looked.error().code;
      if (device_ && (code == Code::device || (count == 1 && code == Code::out_of_memory))) {
        CP_CHECK(to_host(looked.error()));
        continue;
      }
      if (count == 1 || (code != Code::network && code != Code::out_of_memory)) return looked;
      if (code == Code::out_of_memory) {
        at_once_ = count / 2;
        degradations_.push_back({"detect", fmt::format("{} pictures in a pass", count),
                                 fmt::format("{} in a pass", at_once_), looked.error().message, 0});
        continue;
      }
      // Many exports are made for one picture.
      log_line(LogLevel::info, "detect: {} goes on one picture at a time: {}",
               options_.detector_model, looked.error().message);
      at_once_ = 1;
      continue;
    }
    most_ = std::max(most_, count);
    first += static_cast<std::size_t>(count);
  }
  waiting_.clear();
  return {};
}

Result<void> YoloDetector::look(std::size_t first, int count) {
  const auto one =
      3 * static_cast<std::size_t>(square_.side) * static_cast<std::size_t>(square_.side);
  CP_TRY(const std::vector<Tensor> answer,
         network_->run({TensorView::dense(planes_.data() + first * one, Scalar::f32,
                                          {count, 3, square_.side, square_.side})}));
  CP_TRY(const YoloLayout layout, yolo_layout(answer, count, options_.detector_model));
  std::vector<Detections> made;
  for (int n = 0; n < count; ++n) {
    Detections d;
    d.pts = waiting_[first + static_cast<std::size_t>(n)];
    CP_TRY(d.seen, yolo_detections(layout, n, square_, picture_, classes_, least_score_,
                                   options_.detector_model));
    made.push_back(std::move(d));
  }
  for (Detections& d : made) {
    votes_.add(d.seen);
    ready_.push_back(std::move(d));
  }
  return {};
}

Result<Flow> YoloDetector::flush() {
  return guarded("detect", [&]() -> Result<Flow> {
    flushed_ = true;
    CP_CHECK(look());
    return Flow::ok;
  });
}

Result<Flow> YoloDetector::pull(Detections& out) {
  if (ready_.empty()) return flushed_ ? Flow::end : Flow::again;
  out = std::move(ready_.front());
  ready_.pop_front();
  return Flow::ok;
}

}  // namespace cleanplate
