/// @file
/// What stays and what looks like an overlay, weighed together: `detect=auto`.
#pragma once
#include <vector>

#include "detect/network_detector.h"
#include "detect/static_detector.h"
#include "detect/yolo_detector.h"

namespace cleanplate {

/// The static detector as it is; the network finds what stands in a still scene, and proves what
/// the static rules alone could not. Without libtorch or weights it goes on and says so. The
/// user's own detector, where one is named, takes the network's place, and must work.
/// Threads: one object, one thread at a time.
class AutoDetector : public Detector {
 public:
  /// @return as YoloDetector::open.
  [[nodiscard]] static Result<std::unique_ptr<AutoDetector>> create(const Options& options,
                                                                    const VideoInfo& video,
                                                                    const Device& device);

  [[nodiscard]] Result<Flow> push(const Frame& frame) override;
  [[nodiscard]] Result<Flow> pull(Detections& out) override;
  [[nodiscard]] Result<Flow> flush() override;
  [[nodiscard]] int latency() const override { return -1; }
  [[nodiscard]] std::vector<Candidate> candidates() const override { return candidates_; }
  [[nodiscard]] std::vector<Degradation> degradations() const override { return degradations_; }
  [[nodiscard]] int batch() const override { return users_ ? users_->batch() : 1; }

 private:
  AutoDetector(const Options& options, const VideoInfo& video);
  StaticDetector static_;
  std::unique_ptr<YoloDetector> users_;  // null: our own network
  Options options_;
  Size picture_;
  MeanPicture mean_;
  std::vector<Candidate> candidates_;
  std::vector<Degradation> degradations_;
};

/// Candidates of both, each place once.
/// @return accepted ones first; what both see needs no further proof (score at least .85).
[[nodiscard]] std::vector<Candidate> weighed(std::vector<Candidate> staying,
                                             std::vector<NetworkSighting> seen);

}  // namespace cleanplate
