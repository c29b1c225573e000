#include "detect/path_point.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {

constexpr double sure = .4;  // likeness from which it is the mark wherever it is seen

/// A mark on the beam's way: where it is, how it moves, and from where it came.
struct Step {
  double x = 0, y = 0, vx = 0, vy = 0;
  double alike = 0;  ///< 0: not seen, where it would have come to
  double clear = 0;
  double score = 0;  ///< of the way up to here
  int from = -1;     ///< of the frame before
  bool moves = false;
};

/// What a way gains by a step to a sight: clearness, less what it is off a straight line.
double gain_of(const Step& at, const PathPoint& sight) {
  constexpr double a_sample = .02, most = .45, of_unknown = .3;
  const double off = std::hypot(sight.x - at.x - at.vx, sight.y - at.y - at.vy);
  return sight.clear - std::min(most, a_sample * off * (at.moves ? 1 : of_unknown));
}

Step stepped(const Step& at, int from, const PathPoint& sight) {
  constexpr double turn = 3, follow = .4;  // samples; of what the step was wrong by
  const double dx = sight.x - at.x, dy = sight.y - at.y;
  const bool turns = !at.moves || std::hypot(dx - at.vx, dy - at.vy) > turn;
  const double k = turns ? 1 : follow;
  return {sight.x,     sight.y,     at.vx + k * (dx - at.vx),      at.vy + k * (dy - at.vy),
          sight.alike, sight.clear, at.score + gain_of(at, sight), from,
          true};
}

/// The best ways, one of those that are nearly the same.
std::vector<Step> best_of(std::vector<Step> steps) {
  constexpr std::size_t most = 60;
  constexpr double same = 1;  // samples, and samples a frame
  std::sort(steps.begin(), steps.end(),
            [](const Step& a, const Step& b) { return a.score > b.score; });
  std::vector<Step> out;
  for (const Step& s : steps) {
    if (out.size() == most) break;
    const bool known = std::any_of(out.begin(), out.end(), [&](const Step& o) {
      return std::fabs(o.x - s.x) < same && std::fabs(o.y - s.y) < same &&
             std::fabs(o.vx - s.vx) < same && std::fabs(o.vy - s.vy) < same;
    });
    if (!known) out.push_back(s);
  }
  return out;
}

}  // namespace

std::vector<PathPoint> best_way(const std::vector<std::vector<PathPoint>>& sights, Size grid) {
  constexpr double unseen = -.02;
  std::vector<std::vector<Step>> ways;
  for (const auto& seen : sights) {
    std::vector<Step> next;
    if (ways.empty()) {
      for (const PathPoint& s : seen)
        next.push_back({s.x, s.y, 0, 0, s.alike, s.clear, s.clear, -1, false});
      if (next.empty()) next.push_back({});
    } else {
      for (std::size_t k = 0; k < ways.back().size(); ++k) {
        const Step& at = ways.back()[k];
        for (const PathPoint& s : seen) next.push_back(stepped(at, static_cast<int>(k), s));
        Step on = at;
        on.x = std::clamp(at.x + at.vx, 0., grid.width - 1.);
        on.y = std::clamp(at.y + at.vy, 0., grid.height - 1.);
        on.alike = on.clear = 0, on.score += unseen, on.from = static_cast<int>(k);
        next.push_back(on);
      }
    }
    ways.push_back(best_of(std::move(next)));
  }
  std::vector<PathPoint> out(sights.size());
  for (int k = 0, n = static_cast<int>(ways.size()) - 1; n >= 0; --n) {
    const Step& s = ways[static_cast<std::size_t>(n)][static_cast<std::size_t>(k)];
    out[static_cast<std::size_t>(n)] = {s.x, s.y, s.alike, s.alike > likely_mark, s.clear};
    k = s.from;
  }
  return out;
}

std::vector<PathPoint> straightened(const std::vector<PathPoint>& path, double tolerance) {
  constexpr std::ptrdiff_t around = 6;  // frames before and after
  constexpr int least = 5;              // points on a line
  std::vector<PathPoint> out = path;
  const auto count = static_cast<std::ptrdiff_t>(path.size());
  for (std::ptrdiff_t n = 0; n < count; ++n) {
    std::vector<std::ptrdiff_t> in;
    for (std::ptrdiff_t k = std::max<std::ptrdiff_t>(0, n - around);
         k <= std::min(count - 1, n + around); ++k)
      if (path[static_cast<std::size_t>(k)].there) in.push_back(k);
    // The pair whose line most agree with.
    double best = 0, x = 0, y = 0;
    for (std::size_t i = 0; i < in.size(); ++i)
      for (std::size_t j = i + 1; j < in.size(); ++j) {
        const PathPoint &a = path[static_cast<std::size_t>(in[i])],
                        &b = path[static_cast<std::size_t>(in[j])];
        const auto t = static_cast<double>(in[j] - in[i]);
        const double vx = (b.x - a.x) / t, vy = (b.y - a.y) / t;
        double w = 0, sx = 0, sy = 0, agree = 0;
        int on = 0;
        for (const std::ptrdiff_t k : in) {
          const PathPoint& p = path[static_cast<std::size_t>(k)];
          const auto d = static_cast<double>(k - in[i]);
          if (std::hypot(p.x - a.x - d * vx, p.y - a.y - d * vy) > tolerance) continue;
          const auto back = static_cast<double>(n - k);
          const double weight = p.alike * p.alike;
          w += weight, sx += weight * (p.x + back * vx), sy += weight * (p.y + back * vy);
          agree += p.alike / (1 + std::fabs(back) / static_cast<double>(around));
          ++on;
        }
        if (on >= least && agree > best && w > 0) best = agree, x = sx / w, y = sy / w;
      }
    PathPoint& p = out[static_cast<std::size_t>(n)];
    if (best <= 0) continue;
    if (p.there && p.alike > sure && std::hypot(p.x - x, p.y - y) > tolerance)
      continue;  // it turns
    p.x = x, p.y = y, p.there = true;
  }
  return out;
}

double top_between(double left, double middle, double right) {
  const double bend = left - 2 * middle + right;
  return bend < 0 ? std::clamp(.5 * (left - right) / bend, -.5, .5) : 0;
}

}  // namespace cleanplate
