#include "pipeline/scan.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "core/budget.h"
#include "core/try.h"
#include "detect/moving_marks.h"
#include "detect/passing_marks.h"
#include "detect/regions.h"
#include "detect/static_candidates.h"
#include "detect/text_bands.h"
#include "pipeline/line.h"
#include "pipeline/moving.h"
#include "pipeline/passing.h"
#include "pipeline/planner.h"
#include "pipeline/sampler.h"

namespace cleanplate {

namespace {

/// Bytes of whole frames that wait for the planner: 80 of 1080p.
constexpr std::int64_t frame_memory = std::int64_t{256} << 20;

/// A mark that is known is looked for by what it looks like.
bool looks_for_passing(const Options& options) {
  return options.templates.empty() && (options.detect == "auto" || options.detect == "static");
}

struct Looked {
  std::vector<Candidate> candidates;
  std::int64_t frames = 0;
  std::vector<Degradation> degradations;
  int batch = 1;     // of the detector's network
  bool pops = true;  // something may come or go in the frames that were decoded
  // What the planner may want of the frames, so that none needs to be decoded again.
  std::vector<Frame> kept;
  std::optional<EarlyPlaces> early;
};

/// Frames that are sought are few and dear, and kept whole where they fit.
bool keeps_frames(VideoDecoder& decoder, const Options& options, int most) {
  const VideoInfo& info = decoder.info();
  const std::int64_t bytes =
      std::min<std::int64_t>(frames_to_sample(info, most), most) * frame_bytes(info);
  return bytes <= std::min(frame_memory, share_budget(options, 0).scan_memory) &&
         sought_in(decoder);
}

Result<Looked> look(VideoDecoder decoder, const std::string& input, const Options& options,
                    const Device& device, const CancelToken& cancel) {
  Looked out;
  const VideoInfo info = decoder.info();
  CP_TRY(auto detector, Detector::create(options, info, device));
  std::optional<PopFinder> pops;
  const int most = std::max(1, options.scan_frames / 3);
  const bool keeps = keeps_frames(decoder, options, most);
  if (looks_for_passing(options)) {
    if (!keeps) out.early.emplace(info, frames_to_sample(info, most));
    if (decoded_through(info)) pops = PopFinder::coarse(info.size);
  }
  CP_TRY(out.frames, sample_frames(
                         decoder, input, options, {most, most}, cancel,
                         [&](const Frame& frame) -> Result<void> {
                           CP_TRY(const Flow flow, detector->push(frame));
                           if (flow == Flow::full)
                             return Error{Code::internal, "scan", "The detector is full."};
                           if (keeps) out.kept.push_back(frame);
                           return {};
                         },
                         [&](const Frame& frame) {
                           if (pops) pops->add(frame);
                           if (out.early) out.early->add(frame);
                         }));
  CP_CHECK(detector->flush());
  out.degradations = detector->degradations();
  out.batch = detector->batch();
  out.candidates = detector->candidates();
  if (pops) out.pops = worth_another_look(pops->places());
  return out;
}

/// What comes and goes joins what stays; a place that stays for a part only is not there always.
/// @param[out] regions  with the candidates' times, one each; empty where nothing comes and goes.
Result<void> add_passing(const std::string& input, const Options& options, Size picture,
                         std::span<MovingMarkFinder> moving, const CancelToken& cancel,
                         std::vector<Candidate>& candidates, std::vector<Region>& regions) {
  CP_TRY(auto marks, find_passing(input, options, candidates, moving, cancel));
  if (marks.empty()) return {};
  auto bands = text_bands(candidates, marks, picture);
  take_over(candidates, marks);
  for (Candidate& band : bands) candidates.push_back(std::move(band));
  for (const Candidate& c : candidates) regions.push_back({c.detection, {}});
  for (const PassingMark& mark : marks) {
    candidates.push_back(mark.candidate);
    regions.push_back({mark.candidate.detection, {}, mark.stays, mark.identity});
  }
  return {};
}

/// It needs no further proof.
bool sure(const Candidate& c) { return surely_found(c) && !c.by_looks; }

/// Where nothing surely stays, or comes and goes, there may be a mark that moves.
/// @param[out] regions  as add_passing's.
Result<void> add_moving(const std::string& input, const Options& options,
                        std::span<const MovingMarkFinder> finders, const CancelToken& cancel,
                        std::vector<Candidate>& candidates, std::vector<Region>& regions) {
  if (std::any_of(candidates.begin(), candidates.end(), sure)) return {};
  CP_TRY(auto marks, find_moving(input, options, finders, cancel));
  const auto is = [&](auto&& so) {
    return std::any_of(marks.begin(), marks.end(),
                       [&](const FoundMoving& mark) { return so(mark.candidate); });
  };
  // Beside a mark that surely moves, what is not proven to stay is the scene.
  if (is(sure))
    for (Candidate& c : candidates)
      if (c.accepted) c.accepted = false, c.reason += " But a mark that moves is surer.";
  const bool timed = !regions.empty() || is([](const Candidate& c) { return c.accepted; });
  if (timed && regions.empty())
    for (const Candidate& c : candidates) regions.push_back({c.detection, {}});
  for (FoundMoving& mark : marks) {
    candidates.push_back(std::move(mark.candidate));
    if (timed) regions.push_back(std::move(mark.region));
  }
  return {};
}

/// Shows the planner what was kept, or looks again.
/// @param decoder  unused so far, or nothing. @return frames that were looked at anew.
Result<std::int64_t> show(Planner& planner, const Looked& looked,
                          std::optional<VideoDecoder> decoder, const VideoInfo& info,
                          const std::string& input, const Options& options,
                          const CancelToken& cancel) {
  const int most = planner.most_frames();
  if (most == 0) return 0;
  std::optional<std::int64_t> first;
  const auto add = [&](const Frame& frame) -> Result<void> {
    if (!first) first = frame.pts;
    planner.add(frame, static_cast<double>(frame.pts - *first) * info.time_base.value());
    return {};
  };
  if (const std::size_t kept = looked.kept.size(); kept > 0) {
    const std::size_t used = std::min(kept, static_cast<std::size_t>(most));
    for (std::size_t k = 0; k < used; ++k) CP_CHECK(add(looked.kept[k * kept / used]));
    return 0;
  }
  std::int64_t wanted = frames_to_sample(info, most);
  // Of a clip that is sought in, so many frames are all.
  if (!decoded_through(info)) wanted = std::min(wanted, looked.frames);
  if (looked.early && planner.take(*looked.early, wanted)) return 0;
  if (!decoder) {
    CP_TRY(decoder, VideoDecoder::open(input, options, true));
  }
  constexpr int looks = 64;  // key frames, which are dear
  return sample_frames(*decoder, input, options, {most, std::min(most, looks)}, cancel, add);
}

}  // namespace

Result<Plan> scan(const std::string& input, const Options& options, const Device& device,
                  const Callbacks& callbacks, const CancelToken& cancel) {
  std::optional<VideoDecoder> decoder;
  CP_TRY(decoder, VideoDecoder::open(input, options, true));
  const VideoInfo info = decoder->info();
  CP_TRY(auto regions, told_regions(options, info.size));
  if (options.track == "moving")
    for (Region& region : regions) {
      CP_TRY(region, follow_told(input, options, region, cancel));
    }
  if (callbacks.progress) callbacks.progress({"scan", 0, 0});
  Looked looked;
  looked.candidates = told_candidates(regions);
  const bool told = !regions.empty(), known = !options.templates.empty();
  if (!told || known) {
    CP_TRY(looked, look(*std::exchange(decoder, std::nullopt), input, options, device, cancel));
    // Where something surely stays, only what is seen to come or go is worth another look.
    std::vector<Candidate>& candidates = looked.candidates;
    const bool stays = std::any_of(candidates.begin(), candidates.end(), sure);
    if (!told && looks_for_passing(options) && (!stays || looked.pops)) {
      std::vector<MovingMarkFinder> moving;
      if (options.detect == "auto" && !stays)
        for (const Pace& pace : {at_speed, adrift(info.duration)})
          moving.emplace_back(info.size, pace);
      CP_CHECK(add_passing(input, options, info.size, moving, cancel, candidates, regions));
      if (!moving.empty())
        CP_CHECK(add_moving(input, options, moving, cancel, candidates, regions));
    }
  }

  Planner planner(options, info, std::move(looked.candidates), regions);
  CP_TRY(const auto again, show(planner, looked, std::move(decoder), info, input, options, cancel));
  const std::int64_t examined = std::max(looked.frames, again);
  const std::vector<Degradation> degradations = std::move(looked.degradations);
  const int batch = looked.batch;
  looked = {};  // what was kept is needed no more
  CP_TRY(Plan plan, planner.plan(cancel));
  plan.frames_examined = examined;
  plan.batch = batch;
  plan.degradations.insert(plan.degradations.begin(), degradations.begin(), degradations.end());
  return plan;
}

}  // namespace cleanplate
