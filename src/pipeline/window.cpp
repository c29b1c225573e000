#include "pipeline/window.h"

#include <algorithm>
#include <cmath>

#include "core/budget.h"
#include "core/try.h"
#include "pipeline/line.h"
#include "pipeline/planner.h"

namespace cleanplate {

namespace {

constexpr int least_window = 12, most_window = 300;  // frames

/// About `most` of the window's frames, from the first on; as the sampler takes them from a file.
template <class Use>
Result<std::int64_t> sample_window(const std::deque<Frame>& window, int most,
                                   const CancelToken& cancel, Use&& use) {
  const auto at_most = static_cast<std::size_t>(std::max(1, most));
  const std::size_t step = std::max<std::size_t>(1, (window.size() + at_most - 1) / at_most);
  std::int64_t used = 0;
  for (std::size_t n = 0; n < window.size(); n += step, ++used) {
    if (cancel.cancelled()) return Error{Code::cancelled, "scan", "The job was cancelled."};
    CP_TRY(const Frame seen, window[n].to_host());  // whatever looks at it is the host's
    CP_CHECK(use(seen));
  }
  return used;
}

Result<std::int64_t> detect(const std::deque<Frame>& window, const Options& options,
                            Detector& detector, const CancelToken& cancel) {
  CP_TRY(const auto used, sample_window(window, options.scan_frames / 3, cancel,
                                        [&](const Frame& frame) -> Result<void> {
                                          CP_TRY(const Flow flow, detector.push(frame));
                                          if (flow == Flow::full)
                                            return Error{Code::unsupported, "detect",
                                                         "A detector of latency -1 must take a "
                                                         "whole window of frames; this is full."};
                                          return {};
                                        }));
  CP_CHECK(detector.flush());
  return used;
}

}  // namespace

int window_frames(const Options& options, const VideoInfo& video, bool told) {
  if (options.templates.empty() && (told ? options.method == "fill" : options.detect == "none"))
    return 0;
  const double rate = video.frame_rate.num > 0 ? video.frame_rate.value() : 25;
  const auto wanted = std::llround(std::min(options.accumulation_seconds * rate, 1e6));
  const auto bytes = std::max<std::int64_t>(1, frame_bytes(video));
  const std::int64_t fits = share_budget(options, bytes).memory / 4 / bytes;
  return static_cast<int>(
      std::clamp<std::int64_t>(std::min<std::int64_t>(wanted, fits), least_window, most_window));
}

Result<Plan> plan_of(const std::deque<Frame>& window, const Options& options,
                     const VideoInfo& video, const std::vector<Region>& told, Detector* detector,
                     const Device& device, std::int64_t first_pts, const CancelToken& cancel) {
  std::int64_t examined = 0;
  std::vector<Degradation> degradations;
  int batch = 1;
  std::vector<Candidate> candidates = told_candidates(told);
  if (detector) {
    CP_TRY(examined, detect(window, options, *detector, cancel));
    candidates = detector->candidates();
    degradations = detector->degradations();
    batch = detector->batch();
  } else if (told.empty() || !options.templates.empty()) {
    CP_TRY(auto own, Detector::create(options, video, device));
    CP_TRY(examined, detect(window, options, *own, cancel));
    candidates = own->candidates();
    degradations = own->degradations();
    batch = own->batch();
  }
  Planner planner(options, video, std::move(candidates), detector ? std::vector<Region>{} : told);
  if (planner.most_frames() > 0) {
    const double tick = video.time_base.value();
    CP_TRY(const auto shown,
           sample_window(window, planner.most_frames(), cancel,
                         [&](const Frame& frame) -> Result<void> {
                           planner.add(frame, static_cast<double>(frame.pts - first_pts) * tick);
                           return {};
                         }));
    examined = std::max(examined, shown);
  }
  CP_TRY(Plan plan, planner.plan(cancel));
  plan.frames_examined = examined;
  plan.batch = batch;
  plan.degradations.insert(plan.degradations.begin(), degradations.begin(), degradations.end());
  return plan;
}

}  // namespace cleanplate
