#include "pipeline/early_places.h"

#include <algorithm>

#include "detect/static_candidates.h"
#include "pipeline/places.h"

namespace cleanplate {

namespace {
constexpr int least_beginning = 12, share = 10;  // frames; one in so many
/// Its half, after thinning out, still is all that the planner keeps of boxes without the drift.
constexpr std::size_t most_memory = place_memory * 5 / 2;
constexpr int drift = 24;  // luma samples by which a box may still grow
}  // namespace

EarlyPlaces::EarlyPlaces(const VideoInfo& video, std::int64_t frames)
    : video_(video),
      beginning_(static_cast<int>(std::clamp<std::int64_t>(frames / share, least_beginning, 100))),
      edges_(video.size) {}

void EarlyPlaces::add(const Frame& frame) {
  if (edges_) {
    edges_->add(frame);
    if (edges_->frames() == beginning_) choose();
    return;
  }
  if (kept_.empty() || offered_++ % every_ != 0) return;
  std::size_t bytes = 0;
  for (Kept& k : kept_) {
    k.seen.add(frame);
    k.placebo.add(frame);
    bytes += k.seen.bytes() + k.placebo.bytes();
  }
  times_.push_back(frame.pts);
  if (bytes > most_memory) thin_out();
}

void EarlyPlaces::choose() {
  std::vector<Candidate> candidates = static_candidates(edges_->edges(), video_.size, sure_score);
  edges_.reset();
  std::erase_if(candidates, [](const Candidate& c) { return !c.accepted; });
  for (Candidate& c : candidates) c.detection.box = c.detection.box.grown(drift);
  for (const PlaceToLookAt& p : places_to_look_at(candidates, {}, video_.format, video_.size))
    kept_.push_back({CropStack(video_.format, video_.size, p.box),
                     CropStack(video_.format, video_.size, p.placebo)});
}

/// Every other frame goes, so that those that are kept are spread over all that came.
void EarlyPlaces::thin_out() {
  std::vector<int> stay;
  std::vector<std::int64_t> times;
  for (int t = 0; t < static_cast<int>(times_.size()); t += 2) {
    stay.push_back(t);
    times.push_back(times_[static_cast<std::size_t>(t)]);
  }
  for (Kept& k : kept_) k = {k.seen.of(stay), k.placebo.of(stay)};
  times_ = std::move(times);
  every_ *= 2;
}

const EarlyPlaces::Kept* EarlyPlaces::at(const Box& box) const {
  for (const Kept& k : kept_)
    if (k.seen.box(0).intersect(box) == box) return &k;
  return nullptr;
}

}  // namespace cleanplate
