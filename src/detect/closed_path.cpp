#include "detect/closed_path.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {

constexpr std::size_t most_gap = 15;  // frames in which it was not seen and yet is masked

/// A few frames' weak sights off every line are something else.
void drop_strays(std::vector<PathPoint>& path) {
  constexpr std::size_t few = 6;
  constexpr double weak = .4;
  for (std::size_t from = 0; from < path.size();) {
    if (!path[from].there) {
      ++from;
      continue;
    }
    std::size_t to = from;
    double most = 0;
    while (
        to < path.size() && path[to].there &&
        (to == from || std::hypot(path[to].x - path[to - 1].x, path[to].y - path[to - 1].y) < 25))
      most = std::max(most, path[to++].alike);
    if (to - from < few && most < weak)
      for (std::size_t k = from; k < to; ++k) path[k].there = false;
    from = to;
  }
}

/// Between two sights it moved on a straight line: over a short gap, and over a long one where it
/// came out where its way had pointed.
void close_gaps(std::vector<PathPoint>& path) {
  constexpr std::size_t way_back = 6;  // frames that tell the way
  std::size_t last = path.size();
  for (std::size_t n = 0; n < path.size(); ++n) {
    if (!path[n].there) continue;
    const std::size_t gap = last < n ? n - last - 1 : 0;
    bool closes = gap > 0 && gap <= most_gap;
    if (gap > most_gap && last >= way_back && path[last - way_back].there) {
      const double k = static_cast<double>(n - last) / way_back;
      const PathPoint &a = path[last - way_back], &b = path[last];
      const double off =
          std::hypot(b.x + k * (b.x - a.x) - path[n].x, b.y + k * (b.y - a.y) - path[n].y);
      closes = off < 4 + .1 * std::hypot(path[n].x - b.x, path[n].y - b.y);
    }
    if (closes)
      for (std::size_t k = last + 1; k < n; ++k) {
        const double way = static_cast<double>(k - last) / static_cast<double>(n - last);
        path[k] = {path[last].x + way * (path[n].x - path[last].x),
                   path[last].y + way * (path[n].y - path[last].y), 1, true};
      }
    last = n;
  }
}

/// Before the first sight and after the last it went on as straight, where these are but a few
/// frames from the clip's end.
void lengthen(std::vector<PathPoint>& path, const Box& box, Size picture) {
  constexpr std::size_t way_back = 12;  // frames that tell the way
  constexpr double bend = 1.5;          // samples off it in the middle
  const auto end = [&](auto&& at) {
    std::size_t n = 0;
    while (n < path.size() && !at(n).there) ++n;
    if (n == 0 || n > most_gap || n + way_back >= path.size()) return;
    for (std::size_t k = 0; k <= way_back; ++k)
      if (!at(n + k).there) return;
    const PathPoint &a = at(n), &b = at(n + way_back), &m = at(n + way_back / 2);
    const double vx = (a.x - b.x) / way_back, vy = (a.y - b.y) / way_back;
    const double x = a.x + static_cast<double>(n) * vx, y = a.y + static_cast<double>(n) * vy;
    if (std::hypot(m.x - (a.x + b.x) / 2, m.y - (a.y + b.y) / 2) > bend || x < 0 || y < 0 ||
        x + box.width > picture.width || y + box.height > picture.height)
      return;
    for (std::size_t k = 0; k < n; ++k) {
      const auto t = static_cast<double>(n - k);
      at(k) = {a.x + t * vx, a.y + t * vy, 1, true};
    }
  };
  end([&](std::size_t k) -> PathPoint& { return path[k]; });
  end([&](std::size_t k) -> PathPoint& { return path[path.size() - 1 - k]; });
}

}  // namespace

std::vector<PathPoint> closed_path(std::vector<PathPoint> path, const Box& box, Size picture) {
  drop_strays(path);
  lengthen(path, box, picture);
  close_gaps(path);
  return path;
}

}  // namespace cleanplate
