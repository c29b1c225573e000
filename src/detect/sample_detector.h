/// @file
/// What the detectors of a whole sample have in common.
#pragma once
#include <cleanplate/detector.h>

#include <cstdint>
#include <vector>

namespace cleanplate {

/// Looks at all pushed frames together (a sample of the clip), then says the same of each.
/// Threads: one object, one thread at a time.
class SampleDetector : public Detector {
 public:
  [[nodiscard]] Result<Flow> pull(Detections& out) final;
  [[nodiscard]] int latency() const final { return -1; }
  [[nodiscard]] std::vector<Candidate> candidates() const final { return candidates_; }

 protected:
  /// @return `bad_order`, `invalid_argument`: the frame cannot be the next of the sample.
  [[nodiscard]] Result<void> fits(const Frame& frame, Size size) const;

  std::vector<std::int64_t> times_;  ///< pts of what was pushed
  std::vector<Candidate> candidates_;
  bool flushed_ = false;

 private:
  std::size_t next_ = 0;
};

}  // namespace cleanplate
