/// @file
/// Finds what stays while the picture moves; needs no weights and no hint.
#pragma once
#include "detect/sample_detector.h"
#include "detect/static_edges.h"

namespace cleanplate {

/// Looks at all pushed frames together (a sample of the clip), then says the same of each.
/// Statistic: mean of the gradient over time against its deviation (after Dekel et al. 2017 and
/// the classical temporal-averaging logo detectors), in luma reduced to at most about 1440 columns.
/// Threads: one object, one thread at a time.
class StaticDetector : public SampleDetector {
 public:
  StaticDetector(const Options& options, const VideoInfo& video);

  [[nodiscard]] Result<Flow> push(const Frame& frame) override;
  [[nodiscard]] Result<Flow> flush() override;
  /// Of the frames pushed so far: others need the same.
  [[nodiscard]] const EdgeStatistics& statistics() const { return statistics_; }

 private:
  double min_score_;
  Size picture_;
  EdgeStatistics statistics_;
};

}  // namespace cleanplate
