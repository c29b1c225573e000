#include "track/track_list.h"

#include <algorithm>
#include <tuple>

namespace cleanplate {

namespace {
constexpr double same_place = .4;  // IoU from which two sightings are one overlay

}  // namespace

std::shared_ptr<const Mask> mask_of(const Detection& detection) {
  if (detection.mask) return detection.mask;
  auto mask = std::make_shared<Mask>();
  mask->box = detection.box;
  mask->values.assign(static_cast<std::size_t>(detection.box.area()), 255);
  return mask;
}

void TrackList::see(std::int64_t frame, const std::vector<Detection>& seen) {
  // Pairs by falling overlap: with few overlays far apart this is the minimum-cost assignment.
  std::vector<std::tuple<double, std::size_t, std::size_t>> pairs;
  for (std::size_t d = 0; d < seen.size(); ++d)
    for (std::size_t t = 0; t < tracks_.size(); ++t) {
      const bool same = seen[d].mask && seen[d].mask == tracks_[t].mask;
      const double overlap = same ? 1 : iou(seen[d].box, tracks_[t].box);
      if (overlap >= same_place) pairs.emplace_back(-overlap, t, d);
    }
  std::sort(pairs.begin(), pairs.end());
  std::vector<bool> taken_track(tracks_.size(), false), taken(seen.size(), false);
  const auto extend = [&](Track& track, const Detection& d) {
    Span& last = track.spans.back();
    if (frame - last.last <= (d.told ? 1 : persistence_ + 1) && last.told == d.told)
      last.last = frame;
    else
      track.spans.push_back({frame, frame, d.told});
    track.best_score = std::max(track.best_score, d.score);
    track.last = frame;
  };
  for (const auto& [cost, t, d] : pairs) {
    if (taken_track[t] || taken[d]) continue;
    taken_track[t] = taken[d] = true;
    extend(tracks_[t], seen[d]);
  }
  for (std::size_t d = 0; d < seen.size(); ++d)
    if (!taken[d])
      tracks_.push_back({made_++,
                         seen[d].box,
                         mask_of(seen[d]),
                         {{frame, frame, seen[d].told}},
                         seen[d].score,
                         frame});
}

bool TrackList::covers(const Track& track, std::int64_t frame) const {
  for (const Span& s : track.spans) {
    const std::int64_t more = s.told ? 0 : persistence_;
    if (frame >= s.first - more && frame <= s.last + more) return true;
  }
  return false;
}

std::vector<TrackMask> TrackList::at(std::int64_t frame) const {
  std::vector<TrackMask> out;
  for (const Track& track : tracks_)
    if (track.best_score >= min_score_ && covers(track, frame))
      out.push_back({track.number, track.mask, 0, 0});
  return out;
}

void TrackList::forget_before(std::int64_t frame) {
  // A track that may still come back keeps its number for the accumulation window.
  std::erase_if(tracks_, [&](const Track& track) {
    return track.last + persistence_ + accumulation_ < frame;
  });
}

}  // namespace cleanplate
