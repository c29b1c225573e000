#include "composite/frames_beside.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "core/try.h"
#include "frame/piece.h"
#include "frame/read_samples.h"

namespace cleanplate {

namespace {

constexpr int step = 2;           // luma samples between those that are asked for
constexpr int rim = 2;            // luma samples round a mask that show nothing either
constexpr int times = 3;          // that a sample is to be seen
constexpr double again = .25;     // what a sample that was seen counts then
constexpr double worth = .08;     // share of the samples, that a frame must add
constexpr std::size_t most = 16;  // frames; each costs a registration
constexpr std::array<int, 6> panned{1, 2, 4, 7, 12, 20};  // frames off, that a moving camera shows

constexpr int least_after = 8;  // frames
constexpr double waiting_bytes = 48. * 1024 * 1024;

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
FramesBeside::FramesBeside(const VideoInfo& video) : format_(video.format), picture_(video.size) {
  const double bytes = 1.5 * video.size.width * video.size.height * (video.format.bits > 8 ? 2 : 1);
  after_ = static_cast<int>(std::clamp(waiting_bytes / bytes, double{least_after}, double{before}));
}

Result<void> FramesBeside::push(const Frame& frame, std::int64_t number,
                                std::vector<std::shared_ptr<const Mask>> masks, const Box& place) {
  const Size size = frame.size();
  Box filled = place;
  for (const auto& mask : masks) filled = filled.unite(mask->box);
  kept_.push_back({frame, {0, 0, size.width, size.height}, number, std::move(masks), filled});
  while (kept_.front().number < number - after_ - before) kept_.pop_front();
  const std::size_t due = static_cast<std::size_t>(after_) + 2;  // from the newest on
  return kept_.size() < due ? Result<void>{} : keep_piece(kept_[kept_.size() - due]);
}

/// What the frames after it look at, as far as these are known, and as far as the marks go on.
Result<void> FramesBeside::keep_piece(Kept& kept) const {
  Box all, last;
  int step = 0;  // of a mark in a frame
  for (const Kept& each : kept_) {
    if (each.number <= kept.number) continue;
    Box now;
    if (!each.place.empty()) now = OverlayRestorer::looked_at(each.place, format_, picture_);
    if (!last.empty() && !now.empty())
      step = std::max({step, std::abs(now.x - last.x), std::abs(now.y - last.y)});
    all = all.unite(now), last = now;
  }
  const Box wanted =
      all.empty() ? all : aligned_box(all.grown(step * (before - after_)), format_, picture_);
  // A card's frames are the card's, and a piece that is nearly all is no gain.
  if (kept.frame.on_device() || 2 * wanted.area() > kept.at.area()) return {};
  if (wanted.empty()) {
    kept.frame = {};
  } else {
    CP_TRY(kept.frame, piece_of(kept.frame, wanted));
  }
  kept.at = wanted;
  return {};
}

std::vector<FrameBeside> FramesBeside::showing(const Mask& mask, std::int64_t number,
                                               Camera camera) const {
  std::vector<Point> wanted;
  for (int y = mask.box.y; y < mask.box.bottom(); y += step)
    for (int x = mask.box.x; x < mask.box.right(); x += step)
      if (mask.at(x, y) > 0) wanted.push_back({x, y});
  std::vector<FrameBeside> out;
  const Box looked = OverlayRestorer::looked_at(mask.box, format_, picture_);
  const double least = worth * static_cast<double>(wanted.size());
  const auto find = [&](int away) {
    return std::find_if(kept_.begin(), kept_.end(), [&](const Kept& each) {
      return each.number == number + away && looked.intersect(each.at) == looked;
    });
  };
  for (int k = 1; k <= before && out.size() < most; ++k)
    for (const int away : {-k, k}) {
      const auto at = find(away);
      if (at == kept_.end()) continue;
      double gain = 0;
      std::vector<Point*> shown;
      for (Point& p : wanted)
        if (p.seen < times && !covered(at->masks, p))
          gain += p.seen == 0 ? 1 : again, shown.push_back(&p);
      if (gain <= least) continue;
      for (Point* p : shown) ++p->seen;
      out.push_back({&at->frame, at->at, at->masks, away});
    }
  const auto unseen =
      std::count_if(wanted.begin(), wanted.end(), [](const Point& p) { return p.seen == 0; });
  if (camera == Camera::rests || static_cast<double>(unseen) < least) return out;
  for (const int k : panned)
    for (const int away : {-k, k}) {
      const auto at = find(away);
      const bool known =
          std::any_of(out.begin(), out.end(), [&](const FrameBeside& f) { return f.away == away; });
      if (at != kept_.end() && !known && out.size() < most)
        out.push_back({&at->frame, at->at, at->masks, away});
    }
  std::stable_sort(out.begin(), out.end(), [](const FrameBeside& a, const FrameBeside& b) {
    return std::abs(a.away) < std::abs(b.away);
  });
  return out;
}

}  // namespace cleanplate
