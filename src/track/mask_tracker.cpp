#include <cleanplate/mask_tracker.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>

#include "core/try.h"
#include "track/track_list.h"

namespace cleanplate {

namespace {

/// A frame waits until the frames that may close a gap over it have been seen.
class LookAheadTracker final : public MaskTracker {
 public:
  LookAheadTracker(int persistence, int accumulation, double min_score)
      : ahead_(persistence), tracks_(persistence, accumulation, min_score) {}

  Result<Flow> push(const Detections& seen) override {
    return guarded("track", [&]() -> Result<Flow> {
      if (!waiting_.empty() && seen.pts <= waiting_.back().pts)
        return Error{Code::bad_order, "track",
                     fmt::format("A frame has pts {}, after {}; push frames in presentation order.",
                                 seen.pts, waiting_.back().pts)};
      if (static_cast<int>(waiting_.size()) > ahead_) return Flow::full;
      waiting_.push_back({frames_++, seen.pts});
      tracks_.see(waiting_.back().frame, seen.seen);
      return Flow::ok;
    });
  }

  Result<Flow> pull(FrameMask& mask) override {
    return guarded("track", [&]() -> Result<Flow> {
      if (waiting_.empty()) return flushed_ ? Flow::end : Flow::again;
      if (!flushed_ && static_cast<int>(waiting_.size()) <= ahead_) return Flow::again;
      mask.pts = waiting_.front().pts;
      mask.overlays = tracks_.at(waiting_.front().frame);
      tracks_.forget_before(waiting_.front().frame);
      waiting_.pop_front();
      return Flow::ok;
    });
  }

  Result<Flow> flush() override {
    flushed_ = true;
    return Flow::ok;
  }
  int latency() const override { return ahead_; }

 private:
  struct Waiting {
    std::int64_t frame, pts;
  };
  int ahead_;
  TrackList tracks_;
  std::deque<Waiting> waiting_;
  std::int64_t frames_ = 0;
  bool flushed_ = false;
};

}  // namespace

Result<std::unique_ptr<MaskTracker>> MaskTracker::create(const Options& options,
                                                         const VideoInfo& video) {
  using Made = Result<std::unique_ptr<MaskTracker>>;
  return guarded("track", [&]() -> Made {
    const double rate = video.frame_rate.num > 0 ? video.frame_rate.value() : 25;
    const int accumulation = static_cast<int>(std::lround(options.accumulation_seconds * rate));
    return Made(std::make_unique<LookAheadTracker>(options.persistence_frames, accumulation,
                                                   options.min_score));
  });
}

}  // namespace cleanplate
