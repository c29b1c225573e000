/// @file
/// The detector that sees what it was told.
#pragma once
#include <cleanplate/detector.h>

#include <deque>
#include <optional>

#include "detect/regions.h"

namespace cleanplate {

/// The same regions in every frame of their times; these count from the first frame pushed.
/// Threads: one object, one thread at a time.
class RegionDetector : public Detector {
 public:
  RegionDetector(std::vector<Region> regions, Rational time_base);

  /// @return `ok`; `full` at 64 frames waiting; error `bad_order`: pts did not rise.
  [[nodiscard]] Result<Flow> push(const Frame& frame) override;
  [[nodiscard]] Result<Flow> pull(Detections& out) override;
  [[nodiscard]] Result<Flow> flush() override;
  [[nodiscard]] int latency() const override { return 0; }
  [[nodiscard]] std::vector<Candidate> candidates() const override;

 private:
  std::vector<Region> regions_;
  Rational time_base_;
  std::optional<std::int64_t> first_pts_, last_pts_;
  std::deque<Detections> waiting_;
  bool flushed_ = false;
};

}  // namespace cleanplate
