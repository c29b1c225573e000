#include "pipeline/scan.h"

#include <algorithm>
#include <optional>

#include "core/try.h"
#include "detect/moving_marks.h"
#include "detect/passing_marks.h"
#include "detect/regions.h"
#include "detect/static_candidates.h"
#include "pipeline/moving.h"
#include "pipeline/passing.h"
#include "pipeline/planner.h"
#include "pipeline/sampler.h"

namespace cleanplate {

namespace {

// Frames that others refer to are about every other one; a coarse look asks for a closer one.
constexpr int pop_side = 6, pop_coarser = 2;

/// A mark that is known is looked for by what it looks like.
bool looks_for_passing(const Options& options) {
  return options.templates.empty() && (options.detect == "auto" || options.detect == "static");
}

struct Looked {
  std::vector<Candidate> candidates;
  std::int64_t frames = 0;
  std::vector<Degradation> degradations;
  bool comes_again = true;  // what pops in the frames that were decoded, if all were looked at
  std::optional<EarlyPlaces> early;
};

Result<Looked> look(const std::string& input, const Options& options, const Device& device,
                    const CancelToken& cancel) {
  Looked out;
  CP_TRY(VideoDecoder decoder, VideoDecoder::open(input, options, true));
  const VideoInfo info = decoder.info();
  CP_TRY(auto detector, Detector::create(options, info, device));
  std::optional<PopFinder> pops;
  const int most = std::max(1, options.scan_frames / 3);
  if (looks_for_passing(options)) {
    out.early.emplace(info, frames_to_sample(info, most));
    if (decoded_through(info)) pops.emplace(info.size, pop_side, pop_coarser);
  }
  CP_TRY(out.frames, sample_frames(
                         decoder, most, cancel,
                         [&](const Frame& frame) -> Result<void> {
                           CP_TRY(const Flow flow, detector->push(frame));
                           if (flow == Flow::full)
                             return Error{Code::internal, "scan", "The detector is full."};
                           return {};
                         },
                         [&](const Frame& frame) {
                           if (pops) pops->add(frame);
                           if (out.early) out.early->add(frame);
                         }));
  CP_CHECK(detector->flush());
  out.degradations = detector->degradations();
  out.candidates = detector->candidates();
  if (pops) out.comes_again = comes_again(pops->places());
  return out;
}

/// What comes and goes joins what stays; a place that stays for a part only is not there always.
/// @param[out] regions  with the candidates' times, one each; empty where nothing comes and goes.
Result<void> add_passing(const std::string& input, const Options& options, MovingMarkFinder* moving,
                         const CancelToken& cancel, std::vector<Candidate>& candidates,
                         std::vector<Region>& regions) {
  CP_TRY(const auto marks, find_passing(input, options, moving, cancel));
  if (marks.empty()) return {};
  for (const PassingMark& mark : marks)
    for (Candidate& c : candidates) {
      const Box &a = c.detection.box, &b = mark.candidate.detection.box;
      const auto both = static_cast<double>(a.intersect(b).area());
      if (!c.accepted || !mark.candidate.accepted ||
          both < .5 * static_cast<double>(std::min(a.area(), b.area())))
        continue;
      c.accepted = false;
      c.reason += " But it comes and goes.";
    }
  for (const Candidate& c : candidates) regions.push_back({c.detection, {}});
  for (const PassingMark& mark : marks) {
    candidates.push_back(mark.candidate);
    regions.push_back({mark.candidate.detection, {}, mark.stays, mark.identity});
  }
  return {};
}

/// It needs no further proof.
bool sure(const Candidate& c) {
  return c.accepted && !c.by_looks && c.detection.score >= sure_score;
}

/// Where nothing surely stays, or comes and goes, there may be a mark that moves.
/// @param[out] regions  as add_passing's.
Result<void> add_moving(const std::string& input, const Options& options,
                        const MovingMarkFinder& finder, const CancelToken& cancel,
                        std::vector<Candidate>& candidates, std::vector<Region>& regions) {
  if (std::any_of(candidates.begin(), candidates.end(), sure)) return {};
  CP_TRY(auto marks, find_moving(input, options, finder, cancel));
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

Result<VideoInfo> info_of(const std::string& input, const Options& options) {
  CP_TRY(const VideoDecoder decoder, VideoDecoder::open(input, options, true));
  return decoder.info();
}

}  // namespace

Result<Plan> scan(const std::string& input, const Options& options, const Device& device,
                  const Callbacks& callbacks, const CancelToken& cancel) {
  CP_TRY(const VideoInfo info, info_of(input, options));
  CP_TRY(auto regions, told_regions(options, info.size));
  if (options.track == "moving")
    for (Region& region : regions) {
      CP_TRY(region, follow_told(input, options, region, cancel));
    }
  if (callbacks.progress) callbacks.progress({"scan", 0, 0});
  std::int64_t examined = 0;
  std::vector<Degradation> degradations;
  std::vector<Candidate> candidates = told_candidates(regions);
  std::optional<EarlyPlaces> early;
  const bool told = !regions.empty(), known = !options.templates.empty();
  if (!told || known) {
    CP_TRY(Looked looked, look(input, options, device, cancel));
    candidates = std::move(looked.candidates), examined = looked.frames;
    degradations = std::move(looked.degradations);
    early = std::move(looked.early);
    // Where something surely stays, only what is seen to come again is worth another look.
    const bool stays = std::any_of(candidates.begin(), candidates.end(), sure);
    if (!told && looks_for_passing(options) && (!stays || looked.comes_again)) {
      std::optional<MovingMarkFinder> moving;
      if (options.detect == "auto" && !stays) moving.emplace(info.size);
      CP_CHECK(
          add_passing(input, options, moving ? &*moving : nullptr, cancel, candidates, regions));
      if (moving) CP_CHECK(add_moving(input, options, *moving, cancel, candidates, regions));
    }
  }

  Planner planner(options, info, std::move(candidates), regions);
  std::int64_t wanted = frames_to_sample(info, std::max(1, planner.most_frames()));
  // Of a clip that is sought in, so many frames are all.
  if (early && !decoded_through(info)) wanted = std::min(wanted, examined);
  if (planner.most_frames() > 0 && !(early && planner.take(*early, wanted))) {
    CP_TRY(VideoDecoder decoder, VideoDecoder::open(input, options, true));
    const double tick = info.time_base.value();
    std::optional<std::int64_t> first;
    CP_TRY(const auto sampled,
           sample_frames(decoder, planner.most_frames(), cancel,
                         [&](const Frame& frame) -> Result<void> {
                           if (!first) first = frame.pts;
                           planner.add(frame, static_cast<double>(frame.pts - *first) * tick);
                           return {};
                         }));
    examined = std::max(examined, sampled);
  }
  CP_TRY(Plan plan, planner.plan(cancel));
  plan.frames_examined = examined;
  plan.degradations.insert(plan.degradations.begin(), degradations.begin(), degradations.end());
  return plan;
}

}  // namespace cleanplate
