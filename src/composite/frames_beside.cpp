#include "composite/frames_beside.h"

#include <algorithm>
#include <utility>

namespace cleanplate {

namespace {

constexpr int step = 2;           // luma samples between those that are asked for
constexpr int rim = 2;            // luma samples round a mask that show nothing either
constexpr int times = 3;          // that a sample is to be seen
constexpr double again = .25;     // what a sample that was seen counts then
constexpr double worth = .08;     // share of the samples, that a frame must add
constexpr std::size_t most = 16;  // frames; each costs a registration

constexpr int least_radius = 12, most_radius = 30;  // frames
constexpr double kept_bytes = 256. * 1024 * 1024;

struct Point {
  int x, y, seen = 0;
};

bool covered(const std::vector<std::shared_ptr<const Mask>>& masks, const Point& p) {
  return std::any_of(masks.begin(), masks.end(), [&](const auto& mask) {
    for (int y = p.y - rim; y <= p.y + rim; y += rim)
      for (int x = p.x - rim; x <= p.x + rim; x += rim)
        if (mask->at(x, y) > 0) return true;
    return false;
  });
}

}  // namespace

/// By the picture's size alone, so that it is the same on every machine.
FramesBeside::FramesBeside(const VideoInfo& video) {
  const double bytes = 1.5 * video.size.width * video.size.height * (video.format.bits > 8 ? 2 : 1);
  radius_ = static_cast<int>(
      std::clamp(kept_bytes / (2 * bytes), double{least_radius}, double{most_radius}));
}

void FramesBeside::push(const Frame& frame, std::int64_t number,
                        std::vector<std::shared_ptr<const Mask>> masks) {
  kept_.push_back({frame, number, std::move(masks)});
  while (kept_.front().number < number - 2 * radius_) kept_.pop_front();
}

std::vector<FrameBeside> FramesBeside::showing(const Mask& mask, std::int64_t number) const {
  std::vector<Point> wanted;
  for (int y = mask.box.y; y < mask.box.bottom(); y += step)
    for (int x = mask.box.x; x < mask.box.right(); x += step)
      if (mask.at(x, y) > 0) wanted.push_back({x, y});
  std::vector<FrameBeside> out;
  const double least = worth * static_cast<double>(wanted.size());
  for (int k = 1; k <= radius_ && out.size() < most; ++k)
    for (const int away : {-k, k}) {
      const auto at = std::find_if(kept_.begin(), kept_.end(),
                                   [&](const Kept& each) { return each.number == number + away; });
      if (at == kept_.end()) continue;
      double gain = 0;
      std::vector<Point*> shown;
      for (Point& p : wanted)
        if (p.seen < times && !covered(at->masks, p))
          gain += p.seen == 0 ? 1 : again, shown.push_back(&p);
      if (gain <= least) continue;
      for (Point* p : shown) ++p->seen;
      out.push_back({&at->frame, at->masks, away});
    }
  return out;
}

}  // namespace cleanplate
