#include "detect/region_detector.h"

#include <cmath>

#include "core/try.h"
#include "detect/frame_order.h"

namespace cleanplate {

namespace {
constexpr std::size_t most_waiting = 64;
}

RegionDetector::RegionDetector(std::vector<Region> regions, Rational time_base)
    : regions_(std::move(regions)), time_base_(time_base) {}

Result<Flow> RegionDetector::push(const Frame& frame) {
  return guarded("detect", [&]() -> Result<Flow> {
    CP_CHECK(comes_after(frame, last_pts_));
    if (waiting_.size() >= most_waiting) return Flow::full;
    const std::int64_t first = first_pts_.value_or(frame.pts);
    const double seconds = static_cast<double>(frame.pts - first) * time_base_.value();
    Detections detections{frame.pts, {}};
    for (const auto& region : regions_) {
      if (!region.holds(seconds)) continue;
      detections.seen.push_back(region.detection);
      if (const Stay* stay = region.at(seconds)) {
        Detection& d = detections.seen.back();
        d.dx = stay->dx, d.dy = stay->dy;
        d.box.x += static_cast<int>(std::lround(d.dx));
        d.box.y += static_cast<int>(std::lround(d.dy));
      }
    }
    waiting_.push_back(std::move(detections));
    first_pts_ = first;
    last_pts_ = frame.pts;
    return Flow::ok;
  });
}

Result<Flow> RegionDetector::pull(Detections& out) {
  if (waiting_.empty()) return flushed_ ? Flow::end : Flow::again;
  out = std::move(waiting_.front());
  waiting_.pop_front();
  return Flow::ok;
}

Result<Flow> RegionDetector::flush() {
  flushed_ = true;
  return Flow::ok;
}

std::vector<Candidate> RegionDetector::candidates() const {
  std::vector<Candidate> all;
  for (const auto& region : regions_)
    all.push_back({region.detection, true, "It was told by the option region or mask."});
  return all;
}

}  // namespace cleanplate
