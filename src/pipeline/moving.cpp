#include "pipeline/moving.h"

#include <cleanplate/video_decoder.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "core/try.h"
#include "detect/closed_path.h"
#include "detect/mark_path.h"
#include "detect/path_refiner.h"
#include "detect/static_candidates.h"

namespace cleanplate {

namespace {

constexpr std::size_t part_frames = 512;  // followed at once: their reduced pictures are kept

template <class Use>
Result<void> each_frame(const std::string& input, const Options& options, const CancelToken& cancel,
                        Use&& use) {
  CP_TRY(VideoDecoder decoder, VideoDecoder::open(input, options, true));
  decoder.keep_packets(false);
  for (;;) {
    if (cancel.cancelled()) return Error{Code::cancelled, "scan", "The job was cancelled."};
    Frame frame;
    CP_TRY(const Flow flow, decoder.pull(frame));
    if (flow == Flow::end) return {};
    use(frame, decoder.info());
  }
}

}  // namespace

Result<Region> follow_told(const std::string& input, const Options& options, const Region& told,
                           const CancelToken& cancel) {
  Region out = told;
  const Box& box = told.detection.box;
  std::vector<double> times;
  std::vector<PathPoint> way;
  std::optional<PathFinder> finder;
  std::optional<std::size_t> begin;  // the frame in which it was told
  bool followed = false;
  Size picture;
  std::int64_t first = 0;
  const auto end_part = [&] {
    const std::size_t from = way.size(), frames = finder->frames();
    if (frames == 0) return;
    std::vector<PathPoint> part(frames);
    if (followed)
      part = finder->path_on();
    else if (begin)
      part = finder->path(*begin - from), followed = true;
    way.insert(way.end(), part.begin(), part.end());
    finder->next_part();
  };
  CP_CHECK(each_frame(input, options, cancel, [&](const Frame& frame, const VideoInfo& info) {
    if (!finder) finder.emplace(info.size, box), first = frame.pts, picture = info.size;
    times.push_back(static_cast<double>(frame.pts - first) * info.time_base.value());
    if (!begin && told.when.holds(times.back())) begin = times.size() - 1;
    finder->add(frame);
    if (finder->frames() == part_frames) end_part();
  }));
  if (!begin) return out;
  end_part();
  finder.reset();  // its pictures are needed no more
  PathRefiner refiner(box, std::move(way));
  CP_CHECK(each_frame(input, options, cancel,
                      [&](const Frame& frame, const VideoInfo&) { refiner.add(frame); }));
  if (refiner.settle())
    CP_CHECK(each_frame(input, options, cancel,
                        [&](const Frame& frame, const VideoInfo&) { refiner.place(frame); }));
  const std::vector<PathPoint> path = closed_path(refiner.path(), box, picture);
  out.when = {-1e300, 1e300};
  for (std::size_t n = 0; n < std::min(path.size(), times.size()); ++n) {
    if (!path[n].there) continue;
    Stay stay;
    stay.when.from = n == 0 ? -1e300 : (times[n - 1] + times[n]) / 2;
    if (n + 1 < times.size()) stay.when.to = (times[n] + times[n + 1]) / 2;
    stay.dx = path[n].x - box.x;
    stay.dy = path[n].y - box.y;
    out.stays.push_back(stay);
  }
  return out;
}

namespace {

/// The share of the finder's sights at which the way that was followed passes.
double agreement(const Region& followed, const std::vector<MovingMark::Sight>& sights,
                 double tolerance) {
  std::size_t on = 0;
  const Box& box = followed.detection.box;
  for (const MovingMark::Sight& s : sights)
    if (const Stay* stay = followed.stays.empty() ? nullptr : followed.at(s.seconds))
      on += std::hypot(box.x + stay->dx - s.x, box.y + stay->dy - s.y) < tolerance;
  return static_cast<double>(on) / static_cast<double>(std::max<std::size_t>(1, sights.size()));
}

/// Begun at one of its sights after the other, until the way passes by the others too.
Result<Region> follow_found(const std::string& input, const Options& options,
                            const MovingMark& mark, const CancelToken& cancel) {
  constexpr double tick = 1e-6;  // seconds: a frame's time, as it is counted here and there
  constexpr double enough = .9, least = .6;
  constexpr std::size_t tries = 3;
  Region best, told;
  told.detection = mark.candidate.detection;
  const Box box = told.detection.box;
  const double tolerance = .15 * std::max(box.width, box.height);
  double agreed = least;
  for (std::size_t k = 0; k < tries; ++k) {
    double seconds = mark.seconds;
    if (k > 0) {  // the box where it was found fits best; elsewhere it lies to a sample of the grid
      const MovingMark::Sight& s = mark.sights[k * mark.sights.size() / (tries + 1)];
      seconds = s.seconds;
      told.detection.box.x = static_cast<int>(std::lround(s.x));
      told.detection.box.y = static_cast<int>(std::lround(s.y));
    }
    told.when = {seconds - tick, seconds + tick};
    CP_TRY(Region followed, follow_told(input, options, told, cancel));
    const double agrees = agreement(followed, mark.sights, tolerance);
    if (agrees > agreed) agreed = agrees, best = std::move(followed);
    if (agreed > enough) break;
  }
  best.reach = mark.reach;
  return best;
}

}  // namespace

Result<std::vector<FoundMoving>> find_moving(const std::string& input, const Options& options,
                                             std::span<const MovingMarkFinder> finders,
                                             const CancelToken& cancel) {
  std::vector<FoundMoving> out;
  bool sure = false;
  for (const MovingMarkFinder& finder : finders) {
    if (sure) break;
    std::vector<MovingMark> marks = finder.find(cancel);
    if (cancel.cancelled()) return Error{Code::cancelled, "scan", "The job was cancelled."};
    for (const MovingMark& mark : marks) {
      FoundMoving found{mark.candidate, {}};
      found.region.detection = mark.candidate.detection;
      if (mark.candidate.accepted) {
        CP_TRY(found.region, follow_found(input, options, mark, cancel));
        found.candidate.accepted = !found.region.stays.empty();
        if (found.candidate.accepted)
          found.candidate.detection = found.region.detection;
        else
          found.candidate.reason += " But it could not be followed.";
        sure = sure || surely_found(found.candidate);
      }
      out.push_back(std::move(found));
    }
  }
  return out;
}

}  // namespace cleanplate
