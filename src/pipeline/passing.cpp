#include "pipeline/passing.h"

#include <cleanplate/video_decoder.h>

#include <optional>

#include "core/try.h"
#include "detect/pop_finder.h"
#include "detect/scene_cuts.h"

namespace cleanplate {

namespace {

constexpr int stretches = 10;
constexpr double stretch = 3;  // seconds

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
  CP_TRY(VideoDecoder decoder, VideoDecoder::open(input, options));
  decoder.keep_packets(false);
  return decoder;
}

/// What pops in some stretches of a long clip; a clip where nothing does is not decoded through.
Result<bool> pops_in_stretches(VideoDecoder& decoder, const CancelToken& cancel) {
  const VideoInfo info = decoder.info();
  PopFinder finder(info.size);
  std::optional<std::int64_t> first;
  for (int k = 0; k < stretches; ++k) {
    const double from = k * (info.duration - stretch) / (stretches - 1);
    if (k > 0 && !decoder.seek(from)) break;
    finder.restart();
    CP_CHECK(each_frame(decoder, first, cancel, [&](const Frame& frame, double seconds) {
      if (seconds >= from) finder.add(frame);
      return seconds < from + stretch;
    }));
  }
  return comes_again(finder.places());
}

}  // namespace

Result<Pops> pops_of_long(const std::string& input, const Options& options,
                          const CancelToken& cancel) {
  CP_TRY(VideoDecoder decoder, open_for_looking(input, options));
  CP_TRY(const bool pops, pops_in_stretches(decoder, cancel));
  if (!pops) return Pops{};
  CP_TRY(decoder, open_for_looking(input, options));
  PopFinder finder(decoder.info().size);
  std::optional<std::int64_t> first;
  CP_CHECK(each_frame(decoder, first, cancel, [&](const Frame& frame, double) {
    finder.add(frame);
    return true;
  }));
  return Pops{finder.places(), finder.reduction(), finder.grid()};
}

Result<std::vector<PassingMark>> find_passing(const std::string& input, const Options& options,
                                              Pops pops, const CancelToken& cancel) {
  using Marks = std::vector<PassingMark>;
  if (pops.places.empty()) return Marks{};
  std::vector<PlaceProbe> probes;
  for (PassingPlace& place : pops.places)
    probes.emplace_back(std::move(place), pops.reduction, pops.grid);
  CP_TRY(VideoDecoder decoder, open_for_looking(input, options));
  SceneCuts cuts;
  std::vector<double> times;
  std::optional<std::int64_t> first;
  CP_CHECK(each_frame(decoder, first, cancel, [&](const Frame& frame, double seconds) {
    for (PlaceProbe& probe : probes) probe.add(frame);
    cuts.add(frame);
    times.push_back(seconds);
    return true;
  }));
  return passing_marks(probes, times, cuts.cuts(), pops.reduction, decoder.info().size);
}

}  // namespace cleanplate
