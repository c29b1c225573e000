#include "pipeline/passing.h"

#include <cleanplate/video_decoder.h>

#include <optional>

#include "core/try.h"
#include "detect/place_states.h"
#include "detect/pop_finder.h"
#include "detect/scene_cuts.h"
#include "pipeline/sampler.h"

namespace cleanplate {

namespace {

constexpr int stretches = 5;
constexpr double stretch = 3;        // seconds
constexpr double clearly_seen = .9;  // score of a place that the network sees
constexpr std::size_t most_looked_at = 8;

Error stopped() { return {Code::cancelled, "scan", "The job was cancelled."}; }

/// Frames and their times from the clip's first; `use` returns false to stop.
template <class Use>
Result<void> each_frame(VideoDecoder& decoder, std::optional<std::int64_t>& first,
                        const CancelToken& cancel, Use&& use) {
  const double tick = decoder.info().time_base.value();
  for (;;) {
    if (cancel.cancelled()) return stopped();
    Frame frame;
    CP_TRY(const Flow flow, decoder.pull(frame));
    if (flow == Flow::end) return {};
    if (!first) first = frame.pts;
    if (!use(frame, static_cast<double>(frame.pts - *first) * tick)) return {};
  }
}

Result<VideoDecoder> open_for_looking(const std::string& input, const Options& options) {
  CP_TRY(VideoDecoder decoder, VideoDecoder::open(input, options, true));
  decoder.keep_packets(false);
  return decoder;
}

/// Whether what pops comes again in some stretches of a long clip, each from a key frame on; a clip
/// where nothing does is not decoded through.
Result<bool> pops_in_stretches(VideoDecoder& decoder, PopFinder finder,
                               std::span<MovingMarkFinder> moving, const CancelToken& cancel) {
  const VideoInfo info = decoder.info();
  std::optional<std::int64_t> first;
  double seen = -1;  // seconds
  for (int k = 0; k < stretches; ++k) {
    if (!decoder.seek(k * (info.duration - stretch) / (stretches - 1)) && k > 0) break;
    finder.restart();
    for (MovingMarkFinder& each : moving) each.restart();
    std::optional<double> from;
    CP_CHECK(each_frame(decoder, first, cancel, [&](const Frame& frame, double seconds) {
      if (seconds <= seen) return true;
      if (!from) from = seconds;
      seen = seconds;
      finder.add(frame);
      for (MovingMarkFinder& each : moving) each.add(frame, seconds);
      return seconds < *from + stretch;
    }));
  }
  return comes_again(finder.places());
}

/// The same; where no mark that moves is looked for, a coarse look asks for a close one.
Result<bool> pops_at_all(VideoDecoder& decoder, std::span<MovingMarkFinder> moving,
                         const CancelToken& cancel) {
  const Size picture = decoder.info().size;
  if (moving.empty()) {
    decoder.reference_frames_only(true);
    CP_TRY(const bool pops, pops_in_stretches(decoder, PopFinder::coarse(picture), {}, cancel));
    if (!pops) return false;
    decoder.reference_frames_only(false);
  }
  return pops_in_stretches(decoder, PopFinder(picture), moving, cancel);
}

/// Places where the network sees an overlay in the frames' mean, which may be there at times only.
std::vector<PlaceStates> states_of(const std::vector<Candidate>& seen, int reduction, Size grid) {
  std::vector<PlaceStates> states;
  for (const Candidate& c : seen) {
    if (!c.by_looks || c.detection.score < clearly_seen || states.size() == most_looked_at)
      continue;
    const Box& box = c.detection.box;
    const Box reduced{box.x / reduction, box.y / reduction, box.width / reduction,
                      box.height / reduction};
    states.emplace_back(reduced.grown(std::max(2, reduced.height / 8)), reduction, grid);
  }
  return states;
}

}  // namespace

Result<std::vector<PassingMark>> find_passing(const std::string& input, const Options& options,
                                              const std::vector<Candidate>& seen,
                                              std::span<MovingMarkFinder> moving,
                                              const CancelToken& cancel) {
  using Marks = std::vector<PassingMark>;
  std::optional<std::int64_t> first;
  std::vector<PlaceProbe> probes;
  int reduction = 1;
  {
    CP_TRY(VideoDecoder decoder, open_for_looking(input, options));
    if (!decoded_through(decoder.info())) {
      CP_TRY(const bool pops, pops_at_all(decoder, moving, cancel));
      if (!pops) return Marks{};
      moving = {};  // it has seen enough
      CP_TRY(decoder, open_for_looking(input, options));
    }
    PopFinder finder(decoder.info().size);
    reduction = finder.reduction();
    std::vector<PlaceStates> states = states_of(seen, reduction, finder.grid());
    CP_CHECK(each_frame(decoder, first, cancel, [&](const Frame& frame, double seconds) {
      finder.add(frame);
      for (PlaceStates& each : states) each.add(frame);
      for (MovingMarkFinder& each : moving) each.add(frame, seconds);
      return true;
    }));
    for (PassingPlace& place : finder.places())
      probes.emplace_back(std::move(place), reduction, finder.grid());
    for (const PlaceStates& each : states)
      if (auto place = each.place())
        probes.emplace_back(*std::move(place), reduction, finder.grid());
  }
  if (probes.empty()) return Marks{};
  CP_TRY(VideoDecoder decoder, open_for_looking(input, options));
  SceneCuts cuts;
  std::vector<double> times;
  CP_CHECK(each_frame(decoder, first, cancel, [&](const Frame& frame, double seconds) {
    for (PlaceProbe& probe : probes) probe.add(frame);
    cuts.add(frame);
    times.push_back(seconds);
    return true;
  }));
  return passing_marks(probes, times, cuts, reduction, decoder.info().size);
}

}  // namespace cleanplate
