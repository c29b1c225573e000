#include "track/track_list.h"

#include <algorithm>
#include <cmath>

#include "track/assignment.h"

namespace cleanplate {

namespace {

constexpr double apart = .8;  // cost (1 − IoU) from which a sighting is another overlay
constexpr double same_size = .15;
constexpr int still = 2;  // samples that a mark's centre may be seen away and yet stand

bool alike(const Box& a, const Box& b) {
  return std::abs(a.width - b.width) <= 2 + same_size * std::max(a.width, b.width) &&
         std::abs(a.height - b.height) <= 2 + same_size * std::max(a.height, b.height);
}

int middle_x(const Box& b) { return b.x + b.width / 2; }
int middle_y(const Box& b) { return b.y + b.height / 2; }

/// Whether a box lies in the mask's but for a little.
bool covers(const Mask& mask, const Box& box) {
  return mask.box.grown(still).intersect(box) == box;
}

}  // namespace

std::shared_ptr<const Mask> mask_of(const Detection& detection) {
  if (detection.mask) return detection.mask;
  auto mask = std::make_shared<Mask>();
  mask->box = detection.box;
  mask->values.assign(static_cast<std::size_t>(detection.box.area()), 255);
  return mask;
}

double TrackList::cost(const Track& track, const Detection& d, std::int64_t frame) const {
  if (d.mask && d.mask == track.mask) return 0;
  if (d.mask && d.told) return 1;  // another line of text at the same place, say
  const Sighting& last = track.seen.back();
  if (frame - last.frame > persistence_ + accumulation_ + 1) return 1;
  return 1 - std::max(iou(track.filter.at(frame), d.box), iou(last.box, d.box));
}

void TrackList::see(std::int64_t frame, const std::vector<Detection>& seen) {
  const int rows = static_cast<int>(tracks_.size()), columns = static_cast<int>(seen.size());
  std::vector<double> costs;
  costs.reserve(tracks_.size() * seen.size());
  for (const Track& track : tracks_)
    for (const Detection& d : seen) costs.push_back(cost(track, d, frame));
  const std::vector<int> mine = assign(costs, rows, columns, apart);
  std::vector<bool> taken(seen.size(), false);
  for (std::size_t t = 0; t < mine.size(); ++t)
    if (mine[t] >= 0) {
      const auto d = static_cast<std::size_t>(mine[t]);
      taken[d] = true;
      extend(tracks_[t], seen[d], frame);
    }
  for (std::size_t d = 0; d < seen.size(); ++d)
    if (!taken[d]) begin(seen[d], frame);
}

void TrackList::extend(Track& track, const Detection& d, std::int64_t frame) const {
  track.filter.see(d.box, frame);
  track.seen.push_back({frame, d.box, d.score, d.dx, d.dy, d.told});
  track.sum += d.score;
  for (; track.seen[track.oldest].frame + accumulation_ < frame; ++track.oldest)
    track.sum -= track.seen[track.oldest].score;
  track.most = std::max(track.most, track.sum);
  if (d.mask && d.mask == track.mask) return;
  const Box& first = track.mask->box;
  if (!track.moves && track.filter.speed() > 0 &&
      std::max(std::abs(middle_x(d.box) - middle_x(first)),
               std::abs(middle_y(d.box) - middle_y(first))) > still)
    track.moves = true;
  // A mark seen larger than first: its mask grows, and stays so.
  if (!track.moves && !d.mask && !covers(*track.mask, d.box)) {
    Detection whole = d;
    whole.box = first.unite(d.box);
    track.mask = mask_of(whole);
  }
}

/// A mark of the same kind and size that is not seen now has jumped: the new place has its number.
void TrackList::begin(const Detection& d, std::int64_t frame) {
  int number = -1;
  for (const Track& t : tracks_)
    if (!d.told && t.seen.back().frame < frame &&
        t.seen.back().frame + persistence_ + accumulation_ >= frame && t.kind == d.kind &&
        alike(t.seen.back().box, d.box))
      number = t.number;
  if (number < 0) number = made_++;
  Track track{number, d.kind, BoxFilter(d.box, frame), mask_of(d), {}, 0, 0, 0, false};
  track.seen.push_back({frame, d.box, d.score, d.dx, d.dy, d.told});
  track.sum = track.most = d.score;
  tracks_.push_back(std::move(track));
}

/// @return false: it is not there in the frame.
bool TrackList::place(const Track& track, std::int64_t frame, Box& box) const {
  const auto after =
      std::lower_bound(track.seen.begin(), track.seen.end(), frame,
                       [](const Sighting& s, std::int64_t f) { return s.frame < f; });
  const Sighting* next = after == track.seen.end() ? nullptr : &*after;
  const Sighting* last = after == track.seen.begin() ? nullptr : &*std::prev(after);
  if (next && next->frame == frame) {
    box = next->box;
    return true;
  }
  const auto reach = [&](const Sighting& s) { return s.told ? 0 : persistence_; };
  const bool from_last = last && frame <= last->frame + reach(*last);
  const bool from_next = next && frame >= next->frame - reach(*next);
  if (!from_last && !from_next) return false;
  if (last && next) {
    const double way =
        static_cast<double>(frame - last->frame) / static_cast<double>(next->frame - last->frame);
    const auto between = [&](int a, int b) {
      return static_cast<int>(std::lround(a + way * (b - a)));
    };
    box = {between(last->box.x, next->box.x), between(last->box.y, next->box.y), last->box.width,
           last->box.height};
  } else {
    box = last ? track.filter.at(frame) : next->box;
  }
  return true;
}

std::vector<TrackMask> TrackList::at(std::int64_t frame) const {
  std::vector<TrackMask> out;
  for (const Track& track : tracks_) {
    Box box;
    if (track.most < min_score_ || !place(track, frame, box)) continue;
    TrackMask mask{track.number, track.mask, 0, 0};
    const auto seen = std::find_if(track.seen.begin(), track.seen.end(), [&](const Sighting& s) {
      return s.frame == frame && (s.dx != 0 || s.dy != 0);
    });
    if (seen != track.seen.end()) {  // it says itself where it is
      mask.dx = static_cast<int>(std::floor(seen->dx));
      mask.dy = static_cast<int>(std::floor(seen->dy));
      mask.fx = static_cast<float>(seen->dx - mask.dx);
      mask.fy = static_cast<float>(seen->dy - mask.dy);
    } else if (track.moves) {
      mask.dx = middle_x(box) - middle_x(track.mask->box);
      mask.dy = middle_y(box) - middle_y(track.mask->box);
    }
    out.push_back(std::move(mask));
  }
  return out;
}

void TrackList::forget_before(std::int64_t frame) {
  // A track that may still come back keeps its number for the accumulation window.
  std::erase_if(tracks_, [&](const Track& track) {
    return track.seen.back().frame + persistence_ + accumulation_ < frame;
  });
  for (Track& track : tracks_)
    while (track.oldest > 1 && track.seen[1].frame < frame) track.seen.pop_front(), --track.oldest;
}

}  // namespace cleanplate
