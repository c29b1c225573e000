#include "detect/mark_sights.h"

#include <algorithm>
#include <cmath>

#include "detect/edge_sums.h"

namespace cleanplate {

namespace {

constexpr double unturned = .12;  // samples a frame: slower, and both ways look the same

int nearest(double value) { return static_cast<int>(std::lround(value)); }

/// Across and down as they lie in the middle of a group that moves so.
Edges summed(const std::vector<EdgeBytes>& frames, double vx, double vy) {
  EdgeSums sums(frames.front().size);
  for (std::size_t k = 0; k < frames.size(); ++k) {
    const double t = static_cast<double>(k) - (static_cast<double>(frames.size()) - 1) / 2;
    sums.add(frames[k], nearest(vx * t), nearest(vy * t));
  }
  Edges out(sums.size);
  std::copy(sums.x.begin(), sums.x.end(), out.x.values.begin());
  std::copy(sums.y.begin(), sums.y.end(), out.y.values.begin());
  return out;
}

/// A group less what stands still round it.
std::vector<EdgeBytes> group_edges(const EdgeHistory& history, std::size_t first, std::size_t from,
                                   std::size_t to) {
  constexpr std::size_t around = (SteadyMotion::frames - MarkSights::group) / 2;
  from = std::max(from, first < around ? 0 : first - around);
  to = std::min(to, from + SteadyMotion::frames);
  return moving_edges(history, first, MarkSights::group, from, to);
}

}  // namespace

MarkSights::MarkSights(const EdgeHistory& history, const SteadyMotion& motion)
    : history_(history), motion_(motion) {
  const Size grid = history.grid();
  const auto frames = moving_edges(history, motion.first, SteadyMotion::frames, motion.first,
                                   motion.first + SteadyMotion::frames);
  MeanEdges patch({SteadyMotion::width, SteadyMotion::height});
  for (std::size_t n = 0; n < SteadyMotion::frames; ++n) {
    const EdgeBytes& frame = frames[n];
    const auto t = static_cast<double>(n);
    const int x0 = nearest(motion.x_at(t) - patch.x.width / 2.),
              y0 = nearest(motion.y_at(t) - patch.x.height / 2.);
    for (int j = std::max(0, -y0); j < std::min(patch.x.height, grid.height - y0); ++j)
      for (int i = std::max(0, -x0); i < std::min(patch.x.width, grid.width - x0); ++i) {
        const auto at = static_cast<std::size_t>((y0 + j) * grid.width + x0 + i);
        patch.x.at(i, j) += frame.x[at], patch.y.at(i, j) += frame.y[at];
      }
  }
  const auto usual = static_cast<float>(patch.mean_square());
  for (int j = 0; j < patch.x.height; ++j)
    for (int i = 0; i < patch.x.width; ++i) {
      const float gx = patch.x.at(i, j), gy = patch.y.at(i, j), g2 = gx * gx + gy * gy;
      if (g2 <= .5f * usual) continue;
      edges_.push_back({i, j, gx, gy});
      power_ += static_cast<double>(g2);
    }
  std::sort(edges_.begin(), edges_.end(), [](const Sample& a, const Sample& b) {
    return a.gx * a.gx + a.gy * a.gy > b.gx * b.gx + b.gy * b.gy;
  });
}

double MarkSights::alike(const Edges& sums, int x, int y) const {
  double both = 0, theirs = 1e-6;
  for (const Sample& e : edges_) {
    const auto gx = static_cast<double>(sums.x.at(x + e.x, y + e.y)),
               gy = static_cast<double>(sums.y.at(x + e.x, y + e.y));
    both += gx * static_cast<double>(e.gx) + gy * static_cast<double>(e.gy);
    theirs += gx * gx + gy * gy;
  }
  return both / std::sqrt(theirs * power_);
}

/// By the strongest edges everywhere, then by all at the best few places.
MarkSight MarkSights::best_place(const Edges& sums) const {
  constexpr std::size_t few = 40, tried = 8;
  const int across = sums.x.width - SteadyMotion::width + 1,
            down = sums.x.height - SteadyMotion::height + 1;
  MarkSight best;
  if (across < 1 || down < 1 || edges_.empty()) return best;
  Field both(across, down), theirs(across, down, 1);
  for (std::size_t k = 0; k < std::min(few, edges_.size()); ++k) {
    const Sample& e = edges_[k];
    for (int y = 0; y < down; ++y) {
      const std::size_t from = sums.x.index(e.x, y + e.y), to = both.index(0, y);
      const float *gx = &sums.x.values[from], *gy = &sums.y.values[from];
      float *b = &both.values[to], *t = &theirs.values[to];
      for (int x = 0; x < across; ++x) {
        b[x] += gx[x] * e.gx + gy[x] * e.gy;
        t[x] += gx[x] * gx[x] + gy[x] * gy[x];
      }
    }
  }
  std::vector<std::size_t> order(both.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    both.values[i] /= std::sqrt(theirs.values[i]);
    order[i] = i;
  }
  const auto count = static_cast<std::ptrdiff_t>(std::min(tried, order.size()));
  std::partial_sort(order.begin(), order.begin() + count, order.end(),
                    [&](std::size_t a, std::size_t b) { return both.values[a] > both.values[b]; });
  best.alike = -1;
  for (std::ptrdiff_t k = 0; k < count; ++k) {
    const int at = static_cast<int>(order[static_cast<std::size_t>(k)]);
    const int x = at % across, y = at / across;
    const double here = alike(sums, x, y);
    if (here <= best.alike) continue;
    best.alike = here;
    best.x = x + SteadyMotion::width / 2., best.y = y + SteadyMotion::height / 2.;
  }
  return best;
}

MarkSight MarkSights::look(std::size_t first, std::size_t from, std::size_t to) const {
  const std::vector<EdgeBytes> frames = group_edges(history_, first, from, to);
  MarkSight best;
  best.alike = -1;
  for (const bool back_x : {false, true})
    for (const bool back_y : {false, true}) {
      if ((back_x && std::fabs(motion_.vx) < unturned) ||
          (back_y && std::fabs(motion_.vy) < unturned))
        continue;
      MarkSight sight = best_place(
          summed(frames, back_x ? -motion_.vx : motion_.vx, back_y ? -motion_.vy : motion_.vy));
      if (sight.alike <= best.alike) continue;
      sight.back_x = back_x, sight.back_y = back_y;
      best = sight;
    }
  return best;
}

bool MarkSights::follows(const MarkSight& a, const MarkSight& b, int groups) const {
  constexpr double off = 1.5;  // samples: places are whole ones
  const auto along = [&](double moved, double speed, bool was_back, bool is_back) {
    const double way = speed * groups * static_cast<double>(group);
    if (was_back == is_back) return std::fabs(moved - (is_back ? -way : way)) <= off;
    return std::fabs(moved) <= std::fabs(way) + off;
  };
  return along(b.x - a.x, motion_.vx, a.back_x, b.back_x) &&
         along(b.y - a.y, motion_.vy, a.back_y, b.back_y);
}

Edges MarkSights::mean(const std::vector<Seen>& groups, Size window) const {
  MeanEdges out(window);
  for (const Seen& g : groups) {
    const Edges sums = summed(group_edges(history_, g.first, g.from, g.to),
                              g.sight.back_x ? -motion_.vx : motion_.vx,
                              g.sight.back_y ? -motion_.vy : motion_.vy);
    const int x0 = nearest(g.sight.x - window.width / 2.),
              y0 = nearest(g.sight.y - window.height / 2.);
    for (int j = std::max(0, -y0); j < std::min(window.height, sums.x.height - y0); ++j)
      for (int i = std::max(0, -x0); i < std::min(window.width, sums.x.width - x0); ++i) {
        out.x.at(i, j) += sums.x.at(x0 + i, y0 + j);
        out.y.at(i, j) += sums.y.at(x0 + i, y0 + j);
      }
  }
  const float unit =
      1.f / (127 * static_cast<float>(std::max<std::size_t>(1, groups.size() * group)));
  for (std::size_t i = 0; i < out.x.size(); ++i) out.x.values[i] *= unit, out.y.values[i] *= unit;
  return out;
}

}  // namespace cleanplate
