#include "detect/static_detector.h"

#include <fmt/format.h>

#include "core/try.h"
#include "detect/static_candidates.h"

namespace cleanplate {

namespace {
constexpr int least_frames = 8;
}

StaticDetector::StaticDetector(const Options& options, const VideoInfo& video)
    : min_score_(options.min_score), picture_(video.size), statistics_(video.size) {}

Result<Flow> StaticDetector::push(const Frame& frame) {
  return guarded("detect", [&]() -> Result<Flow> {
    if (!times_.empty() && frame.pts <= times_.back())
      return Error{Code::bad_order, "detect",
                   fmt::format("A frame has pts {}, after {}; push frames in presentation order.",
                               frame.pts, times_.back())};
    if (frame.size() != picture_)
      return Error{Code::invalid_argument, "detect",
                   "A frame is not of the size that the detector was made for."};
    statistics_.add(frame);
    times_.push_back(frame.pts);
    return Flow::ok;
  });
}

Result<Flow> StaticDetector::flush() {
  return guarded("detect", [&]() -> Result<Flow> {
    flushed_ = true;
    if (statistics_.frames() >= least_frames)
      candidates_ = static_candidates(statistics_.edges(), picture_, min_score_);
    return Flow::ok;
  });
}

Result<Flow> StaticDetector::pull(Detections& out) {
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
