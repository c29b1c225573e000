#include "detect/sample_detector.h"

#include "core/try.h"
#include "detect/frame_order.h"
#include "frame/device_frames.h"

namespace cleanplate {

Result<void> SampleDetector::fits(const Frame& frame, Size size) const {
  CP_CHECK(comes_after(frame, times_.empty() ? std::nullopt : std::optional(times_.back())));
  CP_CHECK(is_of_size(frame, size));
  return in_host_memory(frame, "detect");
}

Result<Flow> SampleDetector::pull(Detections& out) {
  if (!flushed_) return Flow::again;
  if (next_ >= times_.size()) return Flow::end;
  return guarded("detect", [&]() -> Result<Flow> {
    out.pts = times_[next_++];
    out.seen.clear();
    for (const Candidate& c : candidates_)
      if (c.accepted) out.seen.push_back(c.detection);
    return Flow::ok;
  });
}

}  // namespace cleanplate
