#include "composite/gain_follower.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {
constexpr std::size_t run = 2;        // frames to one side that must agree with a level
constexpr double near_by = .12;       // of a level
constexpr double nothing_left = .02;  // a gain below is no more than rounding
}  // namespace

void GainFollower::push(std::int64_t pts, const FrameGain& measured) {
  const double span = history_.reference - history_.floor;
  seen_.push_back({pts, (measured.value - history_.floor) / span,
                   std::hypot(measured.error / span, history_.noise)});
  if (seen_.size() - next_ <= radius) return;
  answers_.push_back(answer(next_++));
  if (next_ > radius) seen_.pop_front(), --next_;
}

void GainFollower::flush() {
  while (next_ < seen_.size()) answers_.push_back(answer(next_++));
  seen_.clear();
  next_ = 0;
}

/// Nearer to nothing it is told more closely: a weak mark is still a mark.
bool GainFollower::is(std::size_t at, double level) const {
  const Seen& seen = seen_[at];
  const double tolerance = !history_.varies ? std::max(.12, 4 * seen.error)
                           : level > 0      ? std::max(.04, 2.5 * seen.error)
                                            : std::max(.02, 2.5 * seen.error);
  return std::abs(seen.value - level) <= tolerance;
}

/// It is at the level, and so is what comes just before or just after; or it is near, and what
/// comes before and after is there: no fade turns round in a frame.
bool GainFollower::settled(std::size_t at, double level) const {
  bool before = true, after = true;
  std::size_t told_before = 0, told_after = 0;
  for (std::size_t k = 1; k <= run; ++k) {
    if (at >= k && seen_[at - k].tells()) before = before && is(at - k, level), ++told_before;
    if (at + k < seen_.size() && seen_[at + k].tells())
      after = after && is(at + k, level), ++told_after;
  }
  if (is(at, level)) return before || after;
  return before && after && told_before == run && told_after == run &&
         std::abs(seen_[at].value - level) < near_by;
}

double GainFollower::told(std::size_t at) const {
  const Seen& here = seen_[at];
  const bool full = settled(at, 1), away = settled(at, 0);
  if (full && (!away || here.value >= .5)) return 1;
  if (away) return 0;
  // On its way: a line through the frames around, unless it jumps there.
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t k = at >= run ? at - run : 0; k <= std::min(at + run, seen_.size() - 1); ++k) {
    if (!seen_[k].tells()) continue;
    const double w = 1 / (seen_[k].error * seen_[k].error);
    const double d = static_cast<double>(k) - static_cast<double>(at);
    n += w, x += w * d, y += w * seen_[k].value, xx += w * d * d, xy += w * d * seen_[k].value;
  }
  const double spread = n * xx - x * x;
  const double line = spread > 1e-9 * n * n ? (xx * y - x * xy) / spread : here.value;
  const double value = std::abs(line - here.value) < 2 * here.error ? line : here.value;
  return value < nothing_left ? 0 : std::min(value, 1.5);
}

double GainFollower::from_scan(std::int64_t pts) const {
  if (!history_.varies || history_.samples.empty()) return 1;
  const auto after =
      std::lower_bound(history_.samples.begin(), history_.samples.end(), pts,
                       [](const GainSample& s, std::int64_t t) { return s.pts < t; });
  const auto& nearest =
      after == history_.samples.end() ? history_.samples.back()
      : after == history_.samples.begin() || after->pts - pts < pts - std::prev(after)->pts
          ? *after
          : *std::prev(after);
  return nearest.value > .85 ? 1 : nearest.value < .15 ? 0 : nearest.value;
}

double GainFollower::answer(std::size_t at) const {
  if (seen_[at].tells()) return told(at);
  for (std::size_t k = 1; k <= radius; ++k) {
    const bool before = at >= k && seen_[at - k].tells();
    const bool after = at + k < seen_.size() && seen_[at + k].tells();
    // A mark left bare is worse than one taken off where it is not: that cannot be seen there.
    if (before && after) return std::max(told(at - k), told(at + k));
    if (before) return told(at - k);
    if (after) return told(at + k);
  }
  return from_scan(seen_[at].pts);
}

}  // namespace cleanplate
