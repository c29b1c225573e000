/// @file
/// Finds overlays by what they look like, also where the camera stands still.
#pragma once
#include <vector>

#include "detect/mean_picture.h"
#include "detect/network_candidates.h"
#include "detect/sample_detector.h"

namespace cleanplate {

/// Loads libtorch and looks at a clip's mean at several sizes.
/// @return each place once, sure or not. Errors as OverlayNetwork::load and look.
[[nodiscard]] Result<std::vector<NetworkSighting>> network_sightings(const Options& options,
                                                                     const MeanPicture& mean,
                                                                     const StaticEdges& edges,
                                                                     Size picture);

/// Looks at the mean of all pushed frames (a sample of the clip): what is fixed to the picture is
/// sharp in it, whatever moves behind it. Threads: one object, one thread at a time.
class NetworkDetector : public SampleDetector {
 public:
  NetworkDetector(const Options& options, const VideoInfo& video);

  [[nodiscard]] Result<Flow> push(const Frame& frame) override;
  /// @return as network_sightings.
  [[nodiscard]] Result<Flow> flush() override;

 private:
  Options options_;
  Size picture_;
  MeanPicture mean_;
  EdgeStatistics edges_;
};

}  // namespace cleanplate
