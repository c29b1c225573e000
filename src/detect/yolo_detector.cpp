#include "detect/yolo_detector.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/log.h"
#include "core/try.h"
#include "detect/frame_order.h"
#include "detect/yolo_answer.h"
#include "device/host_device.h"
#include "frame/device_frames.h"
#include "frame/device_words.h"
#include "infer/user_network.h"

namespace cleanplate {

namespace {

constexpr std::int64_t most_waiting = std::int64_t{256} << 20;  // bytes of frames, or of pictures

std::int64_t bytes_of(const VideoInfo& video) {
  const PixelFormat f = video.format;
  const std::int64_t luma = std::int64_t{video.size.width} * video.size.height;
  const std::int64_t chroma = (luma >> f.chroma_shift_x() >> f.chroma_shift_y()) + 1;
  return (luma + (f.components() - 1) * chroma) * f.bytes_per_sample();
}

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
    Device used = device;
    if (!used) {
      CP_TRY(auto host, HostDevice::create(options));
      used = Device(std::move(host));
    }
    std::unique_ptr<YoloDetector> made(
        new YoloDetector(options, video, std::move(used), std::move(classes)));
    CP_CHECK(made->load());
    return made;
  });
}

bool YoloDetector::on_host() const {
  return dynamic_cast<const HostDevice*>(&device_.core()) != nullptr;
}

Result<void> YoloDetector::load() {
  const auto open = [&]() -> Result<void> {
    CP_TRY(auto loaded, load_user_network("detect", options_.detector_model, options_, device_));
    CP_TRY(stream_, device_.core().stream());
    network_ = std::make_shared<Network>(std::move(loaded.network));
    if (loaded.otherwise) degradations_.push_back(*loaded.otherwise);
    return {};
  };
  auto opened = open();
  if (opened || on_host() || opened.error().code == Code::network) return opened;
  return to_host(opened.error());
}

Result<void> YoloDetector::to_host(const Error& why) {
  pictures_.reset();
  network_.reset();
  stream_ = {};
  const std::string from = device_.core().card() ? network_device(device_) : device_.name();
  degradations_.push_back({"detect", from, "cpu", why.message, 0});
  CP_TRY(auto host, HostDevice::create(options_));
  device_ = Device(std::move(host));
  return load();
}

YoloDetector::YoloDetector(const Options& options, const VideoInfo& video, Device device,
                           std::vector<int> classes)
    : options_(options),
      device_(std::move(device)),
      least_score_(std::max(options.min_score, .01)),
      batch_(options.detect_batch),
      at_once_(options.detect_batch),
      classes_(std::move(classes)),
      picture_(video.size),
      square_(letterbox(video.size, options.detector_size)) {
  const std::int64_t picture = std::int64_t{3} * square_.side * square_.side * 4;
  const std::int64_t fit = most_waiting / std::max(picture, bytes_of(video));
  batch_ = at_once_ = static_cast<int>(std::clamp<std::int64_t>(fit, 1, batch_));
}

Result<Flow> YoloDetector::push(const Frame& frame) {
  return guarded("detect", [&]() -> Result<Flow> {
    CP_CHECK(comes_after(frame, last_));
    CP_CHECK(is_of_size(frame, picture_));
    waiting_.push_back(frame);
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
      if (!on_host() && (code == Code::device || (count == 1 && code == Code::out_of_memory))) {
        CP_CHECK(to_host(looked.error()));
        continue;
      }
      if (count == 1 || (code != Code::network && code != Code::out_of_memory)) return looked;
      if (code == Code::out_of_memory) {
        at_once_ = count / 2;
        pictures_.reset();  // for fewer there is less to be had
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

/// What the network says of these frames.
Result<std::vector<Tensor>> YoloDetector::run(std::size_t first, int count) {
  if (!pictures_ || pictures_->pictures().pictures() < count) {
    pictures_.reset();
    CP_TRY(pictures_, LetterboxBatch::create(device_, square_, count));
  }
  std::vector<Frame> frames;
  for (int n = 0; n < count; ++n) {
    const Frame& frame = waiting_[first + static_cast<std::size_t>(n)];
    const Device* there = DeviceFrames::device_of(frame);
    const bool elsewhere = there && &there->core() != &device_.core();
    CP_TRY(Frame reached, elsewhere ? frame.to_host() : Result<Frame>(frame));
    frames.push_back(std::move(reached));
  }
  const auto answer = std::make_shared<std::vector<Tensor>>();
  const auto queued = queue(frames, answer);
  const auto waited = stream_.wait();  // after a failure too: the frames go
  for (const Frame& frame : frames) host_touches(device_, frame, Touch::write);
  CP_CHECK(queued);
  CP_CHECK(waited);
  return std::move(*answer);
}

Result<void> YoloDetector::queue(const std::vector<Frame>& frames,
                                 const std::shared_ptr<std::vector<Tensor>>& answer) {
  const auto count = static_cast<int>(frames.size());
  for (int n = 0; n < count; ++n)
    CP_CHECK(pictures_->lay(stream_, n, frames[static_cast<std::size_t>(n)]));
  const DeviceTensor& pictures = pictures_->pictures();
  return stream_.call(
      "a network",
      [network = network_, answer,
       inputs = std::vector{pictures.view(0, count)}](void* native) -> Result<void> {
        CP_TRY(*answer, network->run(inputs, native));
        return {};
      },
      reads(pictures.rows(0, count)));
}

Result<void> YoloDetector::look(std::size_t first, int count) {
  CP_TRY(const std::vector<Tensor> answer, run(first, count));
  CP_TRY(const YoloLayout layout, yolo_layout(answer, count, options_.detector_model));
  std::vector<Detections> made;
  for (int n = 0; n < count; ++n) {
    Detections d;
    d.pts = waiting_[first + static_cast<std::size_t>(n)].pts;
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
