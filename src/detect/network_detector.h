/// @file
/// Finds overlays by what they look like, also where the camera stands still.
#pragma once
#include <cleanplate/detector.h>

#include <vector>

#include "detect/mean_picture.h"
#include "detect/network_candidates.h"

namespace cleanplate {

/// Looks at the mean of all pushed frames (a sample of the clip): what is fixed to the picture is
/// sharp in it, whatever moves behind it. Threads: one object, one thread at a time.
class NetworkDetector : public Detector {
 public:
  NetworkDetector(const Options& options, const VideoInfo& video);

  [[nodiscard]] Result<Flow> push(const Frame& frame) override;
  [[nodiscard]] Result<Flow> pull(Detections& out) override;
  /// Loads libtorch. @return as OverlayNetwork::load and look.
  [[nodiscard]] Result<Flow> flush() override;
  [[nodiscard]] int latency() const override { return -1; }
  [[nodiscard]] std::vector<Candidate> candidates() const override;
  /// All that was seen, sure or not; after flush.
  [[nodiscard]] const std::vector<NetworkSighting>& sightings() const { return sightings_; }

 private:
  Options options_;
  Size picture_;
  MeanPicture mean_;
  EdgeStatistics edges_;
  std::vector<std::int64_t> times_;
  std::size_t next_ = 0;
  bool flushed_ = false;
  std::vector<NetworkSighting> sightings_;
};

}  // namespace cleanplate
