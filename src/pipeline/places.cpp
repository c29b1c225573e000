#include "pipeline/places.h"

#include <algorithm>

#include "frame/read_samples.h"

namespace cleanplate {

namespace {

constexpr int margin = 20;  // luma samples kept round a place

/// The place beside `box` that overlaps no other candidate and lies farthest inside the picture.
Box clean_place(const Box& box, const std::vector<Candidate>& candidates, Size picture) {
  Box best{};
  double least = 1e18;
  for (int dy = -1; dy <= 1; ++dy)
    for (int dx = -1; dx <= 1; ++dx) {
      if (!dx && !dy) continue;
      Box b = box;
      b.x = std::clamp(box.x + dx * box.width, 0, std::max(0, picture.width - box.width));
      b.y = std::clamp(box.y + dy * box.height, 0, std::max(0, picture.height - box.height));
      double cost = 10 * static_cast<double>(b.intersect(box).area()) + (dx && dy ? 2.
                                                                         : dy     ? 1.
                                                                                  : 0.);
      for (const Candidate& c : candidates)
        if (c.accepted) cost += 10 * static_cast<double>(b.intersect(c.detection.box).area());
      if (cost < least) least = cost, best = b;
    }
  return best;
}

}  // namespace

Box extent_of(const Detection& detection) {
  Box box = detection.box;
  if (detection.mask) box = box.unite(detection.mask->box);
  if (detection.master) box = box.unite(detection.master->mattes[0].box);
  return box;
}

std::vector<PlaceToLookAt> places_to_look_at(const std::vector<Candidate>& candidates,
                                             const std::vector<Region>& regions, PixelFormat format,
                                             Size picture) {
  std::vector<PlaceToLookAt> places;
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    if (!candidates[k].accepted) continue;
    const int reach = regions.empty() ? 0 : regions[k].reach;
    const Box box =
        aligned_box(extent_of(candidates[k].detection).grown(margin + reach), format, picture);
    Box placebo = clean_place(box, candidates, picture);
    placebo.x &= ~1, placebo.y &= ~1;
    places.push_back({k, box, placebo, reach});
  }
  return places;
}

}  // namespace cleanplate
