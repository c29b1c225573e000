#include "detect/place_votes.h"

#include <fmt/format.h>

#include <algorithm>

namespace cleanplate {

namespace {
constexpr double same = .3;         // IoU
constexpr double least_share = .3;  // of the frames
constexpr std::size_t most_places = 256, most_boxes = 255, most_told = 32;

int median(std::vector<int> values) {
  const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), half, values.end());
  return *half;
}

Box median_box(const std::vector<Box>& boxes) {
  std::vector<int> left, top, right, bottom;
  for (const Box& b : boxes) {
    left.push_back(b.x), top.push_back(b.y);
    right.push_back(b.right()), bottom.push_back(b.bottom());
  }
  const int x = median(left), y = median(top);
  return {x, y, std::max(1, median(right) - x), std::max(1, median(bottom) - y)};
}
}  // namespace

void PlaceVotes::add(const std::vector<Detection>& seen) {
  ++frames_;
  std::vector<bool> voted(places_.size(), false);
  for (const Detection& d : seen) {
    std::size_t at = places_.size();
    double most = same;
    for (std::size_t p = 0; p < voted.size(); ++p)
      if (const double o = iou(places_[p].best.box, d.box); !voted[p] && o >= most)
        most = o, at = p;
    if (at == places_.size()) {
      if (places_.size() >= most_places) continue;
      places_.push_back({d, {}, 0, 0});
    } else {
      voted[at] = true;
    }
    Place& place = places_[at];
    if (d.score > place.best.score) place.best = d;
    if (place.boxes.size() < most_boxes) place.boxes.push_back(d.box);
    ++place.times;
    place.scores += d.score;
  }
}

std::vector<Candidate> PlaceVotes::candidates() const {
  std::vector<Candidate> out;
  for (const Place& place : places_) {
    Candidate c;
    c.detection = place.best;
    c.detection.box = median_box(place.boxes);
    c.detection.score = place.scores / static_cast<double>(place.times);
    c.accepted = static_cast<double>(place.times) >= least_share * frames_;
    c.reason = fmt::format("The detector sees '{}' there in {} of {} frames, at {:.2f} on average.",
                           c.detection.kind, place.times, frames_, c.detection.score);
    if (!c.accepted) c.reason += " It is too seldom there for an overlay that stays.";
    out.push_back(std::move(c));
  }
  std::stable_sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) {
    return a.accepted != b.accepted ? a.accepted : a.detection.score > b.detection.score;
  });
  if (out.size() > most_told) out.resize(most_told);
  return out;
}

}  // namespace cleanplate
