#include "detect/static_detector.h"

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
    CP_CHECK(fits(frame, picture_));
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

}  // namespace cleanplate
