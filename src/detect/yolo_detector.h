/// @file
/// The user's own detector, a YOLO network as TorchScript: option `detector_model`.
#pragma once
#include <cleanplate/detector.h>
#include <cleanplate/network.h>

#include <deque>
#include <memory>
#include <optional>

#include "detect/letterbox.h"
#include "detect/letterbox_batch.h"
#include "detect/place_votes.h"

namespace cleanplate {

/// Looks at every pushed frame, `detect_batch` of them in one pass (fewer where they would take
/// above 256 MiB), and says what is in each. Their pictures are made on the device, in one stream
/// with the network's work; only its answer comes to the host. A frame is held until it was looked
/// at, so that it can be looked at again where a device fails.
/// A network that takes one picture at a time only is given one at a time; where memory is short a
/// batch is halved; what a device cannot do goes on on the host.
/// Threads: one object, one thread at a time.
class YoloDetector : public Detector {
 public:
  /// Loads libtorch and the model. @return `network`: no libtorch, no such file, no model;
  /// `invalid_option`: `detector_classes` is no list of numbers.
  [[nodiscard]] static Result<std::unique_ptr<YoloDetector>> open(const Options& options,
                                                                  const VideoInfo& video,
                                                                  const Device& device);

  [[nodiscard]] Result<Flow> push(const Frame& frame) override;
  [[nodiscard]] Result<Flow> pull(Detections& out) override;
  [[nodiscard]] Result<Flow> flush() override;
  [[nodiscard]] int latency() const override { return batch_ - 1; }
  [[nodiscard]] std::vector<Candidate> candidates() const override { return votes_.candidates(); }
  [[nodiscard]] std::vector<Degradation> degradations() const override { return degradations_; }
  [[nodiscard]] int batch() const override { return most_; }

 private:
  YoloDetector(const Options& options, const VideoInfo& video, Device device,
               std::vector<int> classes);
  [[nodiscard]] bool on_host() const;
  [[nodiscard]] Result<void> load();
  [[nodiscard]] Result<void> to_host(const Error& why);
  [[nodiscard]] Result<void> look();
  [[nodiscard]] Result<void> look(std::size_t first, int count);
  [[nodiscard]] Result<std::vector<Tensor>> run(std::size_t first, int count);
  [[nodiscard]] Result<void> queue(const std::vector<Frame>& frames,
                                   const std::shared_ptr<std::vector<Tensor>>& answer);

  std::shared_ptr<Network> network_;
  Options options_;
  Device device_;
  Stream stream_;
  double least_score_;
  int batch_, at_once_;
  int most_ = 1;  // in one pass so far
  std::vector<int> classes_;
  Size picture_;
  Letterbox square_;
  std::optional<LetterboxBatch> pictures_;
  std::vector<Frame> waiting_;
  std::deque<Detections> ready_;
  std::optional<std::int64_t> last_;
  PlaceVotes votes_;
  std::vector<Degradation> degradations_;
  bool flushed_ = false;
};

}  // namespace cleanplate
