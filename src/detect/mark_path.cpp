#include "detect/mark_path.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace cleanplate {

namespace {

/// Luma samples per sample of the grid, so that a mark has about 22 of them each way.
int reduction_for(Size picture, const Box& box) {
  constexpr int most_columns = 400, least_columns = 120;
  constexpr double mark_side = 22;
  const int longest = std::max(picture.width, picture.height);
  return std::clamp(static_cast<int>(std::sqrt(static_cast<double>(box.area())) / mark_side),
                    longest / most_columns + 1, longest / least_columns + 1);
}

/// One of the mark's edges.
struct Tap {
  std::size_t at;  // from the box's place on, samples of the grid
  float x, y;
};

constexpr std::size_t at_once = 4;  // taps: the sums are loaded and stored that much less

/// Adds what the taps see from each place of a row on.
/// @param x, y, square  the picture's edges and their squares, at the row's first place.
/// @param both, theirs  the row's sums.
void correlate(const Tap* taps, std::size_t count, const float* x, const float* y,
               const float* square, int places, float* __restrict both, float* __restrict theirs) {
  if (count < at_once) {
    for (const Tap* tap = taps; tap < taps + count; ++tap)
      for (int k = 0; k < places; ++k) {
        const std::size_t i = tap->at + static_cast<std::size_t>(k);
        both[k] += x[i] * tap->x + y[i] * tap->y;
        theirs[k] += square[i];
      }
    return;
  }
  const Tap a = taps[0], b = taps[1], c = taps[2], d = taps[3];
  const float *xa = x + a.at, *xb = x + b.at, *xc = x + c.at, *xd = x + d.at;
  const float *ya = y + a.at, *yb = y + b.at, *yc = y + c.at, *yd = y + d.at;
  const float *sa = square + a.at, *sb = square + b.at, *sc = square + c.at, *sd = square + d.at;
  for (int k = 0; k < places; ++k) {
    both[k] = both[k] + (xa[k] * a.x + ya[k] * a.y) + (xb[k] * b.x + yb[k] * b.y) +
              (xc[k] * c.x + yc[k] * c.y) + (xd[k] * d.x + yd[k] * d.y);
    theirs[k] = theirs[k] + sa[k] + sb[k] + sc[k] + sd[k];
  }
}

/// Correlation, −1…1.
double likeness(const Edges& a, const Edges& b) {
  double both = 0, a2 = 1e-9, b2 = 1e-9;
  for (std::size_t i = 0; i < a.x.size(); ++i) {
    both += static_cast<double>(a.x.values[i] * b.x.values[i] + a.y.values[i] * b.y.values[i]);
    a2 += static_cast<double>(a.x.values[i] * a.x.values[i] + a.y.values[i] * a.y.values[i]);
    b2 += static_cast<double>(b.x.values[i] * b.x.values[i] + b.y.values[i] * b.y.values[i]);
  }
  return both / std::sqrt(a2 * b2);
}

Box on_grid(const Box& box, int reduction) {
  return {box.x / reduction, box.y / reduction, std::max(4, box.width / reduction),
          std::max(4, box.height / reduction)};
}

}  // namespace

PathFinder::PathFinder(Size picture, const Box& box)
    : told_(box),
      box_(on_grid(box, reduction_for(picture, box))),
      mark_({box_.width, box_.height}) {
  for (const EdgesOf planes : {EdgesOf::luma, EdgesOf::any_plane})
    histories_.emplace_back(picture, reduction_for(picture, box), planes);
}

void PathFinder::next_part() {
  for (EdgeHistory& history : histories_) history.clear();
}

/// Where a picture is most like the mark: the tops of the correlation of edges, best first.
std::vector<PathPoint> PathFinder::sights(const Edges& picture, const MeanEdges& mark) const {
  constexpr std::size_t most = 8;
  constexpr int near = 3;  // samples
  const Field &gx = picture.x, &gy = picture.y;
  const int w = mark.x.width, h = mark.x.height, across = gx.width - 2 - w,
            down = gx.height - 2 - h;
  if (across < 1 || down < 1) return {};
  Field g2(gx.width, gx.height);
  for (std::size_t i = 0; i < g2.size(); ++i)
    g2.values[i] = gx.values[i] * gx.values[i] + gy.values[i] * gy.values[i];
  // Only where the mark has edges: elsewhere the scene's would drown them.
  const auto usual = static_cast<float>(mark.mean_square());
  std::vector<Tap> taps;
  float mine = 1e-6f;
  for (int j = 0; j < h; ++j)
    for (int i = 0; i < w; ++i) {
      const float mx = mark.x.at(i, j), my = mark.y.at(i, j), m2 = mx * mx + my * my;
      if (m2 <= .5f * usual) continue;
      mine += m2;
      taps.push_back({gx.index(1 + i, 1 + j), mx, my});
    }
  Field both(across, down), theirs(across, down, 1);
  for (int y = 0; y < down; ++y) {
    const std::size_t from = gx.index(0, y), to = both.index(0, y);
    for (std::size_t k = 0; k < taps.size(); k += at_once)
      correlate(&taps[k], std::min(at_once, taps.size() - k), &gx.values[from], &gy.values[from],
                &g2.values[from], across, &both.values[to], &theirs.values[to]);
  }
  for (std::size_t i = 0; i < both.size(); ++i)
    both.values[i] /= std::sqrt(mine * theirs.values[i]);
  const Field tops = dilated(both, near);
  std::vector<PathPoint> out;
  for (int y = 0; y < down; ++y)
    for (int x = 0; x < across; ++x) {
      const float here = both.at(x, y);
      if (here < tops.at(x, y) || here < static_cast<float>(likely_mark)) continue;
      PathPoint p{x + 1., y + 1., static_cast<double>(here), true};
      const auto at = [&](int i, int j) { return static_cast<double>(both.clamped(i, j)); };
      p.x += top_between(at(x - 1, y), p.alike, at(x + 1, y));
      p.y += top_between(at(x, y - 1), p.alike, at(x, y + 1));
      out.push_back(p);
    }
  std::sort(out.begin(), out.end(),
            [](const PathPoint& a, const PathPoint& b) { return a.alike > b.alike; });
  const double second = out.size() > 1 ? out[1].alike : likely_mark;
  for (PathPoint& p : out) p.clear = p.alike - second;
  if (out.size() > most) out.resize(most);
  return out;
}

/// The step a frame, of those on a straight line, along which most of the edges' power goes; and
/// for how many frames, as a slow mark leaves the scene behind only after a while.
PathFinder::Line PathFinder::first_line(const EdgeHistory& history, std::size_t start,
                                        int way) const {
  constexpr int spans[] = {4, 8, 16, 24, 48, 96, 192};  // frames
  constexpr int fast_end = 24;
  constexpr double far = 6;     // samples: what has moved so far is behind it
  constexpr double holds = .6;  // of the score before: else it has turned
  constexpr int widest = 8;     // samples a frame
  constexpr std::size_t kept = 12;
  constexpr double apart = 1.5, near = 2;  // samples at the end
  constexpr double the_scenes = .5;        // of the power in the box
  const int rim = std::max(2, std::min(box_.width, box_.height) / 4);
  const auto here = static_cast<std::ptrdiff_t>(start),
             frames = static_cast<std::ptrdiff_t>(history.frames());
  std::map<int, Edges> pictures;
  const auto picture = [&](int n) -> const Edges& {
    auto known = pictures.find(n);
    if (known == pictures.end())
      known = pictures.emplace(n, history.edges(static_cast<std::size_t>(here + way * n))).first;
    return known->second;
  };
  std::vector<PathPoint> steps;
  for (int y = -widest * spans[0]; y <= widest * spans[0]; y += 2)
    for (int x = -widest * spans[0]; x <= widest * spans[0]; x += 2)
      steps.push_back({static_cast<double>(x) / spans[0], static_cast<double>(y) / spans[0]});
  const auto leaves = [&](const PathPoint& s, int span) {
    const double x = box_.x + span * s.x, y = box_.y + span * s.y;
    return x < 0 || y < 0 || x + box_.width > history.grid().width ||
           y + box_.height > history.grid().height;
  };
  std::erase_if(steps, [&](const PathPoint& s) { return leaves(s, fast_end); });
  Line best;
  for (const int span : spans) {
    const std::ptrdiff_t last = here + way * span;
    if (last < 0 || last >= frames) break;
    if (span > fast_end && std::hypot(best.step.x, best.step.y) * best.frames >= far) break;
    std::erase_if(steps, [&](const PathPoint& s) {
      return leaves(s, span) ||
             (span > fast_end &&
              std::hypot(s.x - best.step.x, s.y - best.step.y) * best.frames > near);
    });
    for (PathPoint& s : steps) {
      MeanEdges mean({box_.width + 2 * rim, box_.height + 2 * rim});
      for (int n = 0; n <= span; n += std::max(1, span / 12))
        mean.add(picture(n), box_.x - rim + n * s.x, box_.y - rim + n * s.y);
      // What goes along no better than round the box is the scene; what does is not all the mark's.
      const MeanEdges::Kept shares = mean.kept(rim);
      s.clear = shares.apart();
      s.alike = s.clear > 0 ? shares.within - the_scenes * shares.rim : s.clear;
    }
    std::sort(steps.begin(), steps.end(),
              [](const PathPoint& a, const PathPoint& b) { return a.alike > b.alike; });
    std::vector<PathPoint> tops;
    for (const PathPoint& s : steps)
      if (tops.size() < kept && std::none_of(tops.begin(), tops.end(), [&](const PathPoint& o) {
            return std::hypot(o.x - s.x, o.y - s.y) * span < apart;
          }))
        tops.push_back(s);
    if (tops.empty() || (span > fast_end && tops[0].alike < holds * best.step.alike)) break;
    best = {tops[0], span};
    steps = tops;
    tops.push_back({});  // a slow mark stands out only after a while
    for (const PathPoint& s : tops)
      for (int y = -2; y <= 2; ++y)
        for (int x = -2; x <= 2; ++x)
          if (x || y) steps.push_back({s.x + .5 * x / span, s.y + .5 * y / span});
  }
  return best;
}

/// The mean along a path, of the half of its points that were seen most clearly.
MeanEdges PathFinder::mean_along(const std::vector<PathPoint>& path) const {
  std::vector<float> clear;
  for (const PathPoint& p : path)
    if (p.there) clear.push_back(static_cast<float>(p.clear));
  const auto least = static_cast<double>(quantile(std::move(clear), .5));
  MeanEdges mark({box_.width, box_.height});
  for (std::size_t n = 0; n < path.size(); ++n)
    if (path[n].there && path[n].clear >= least) mark.add(history().edges(n), path[n].x, path[n].y);
  return mark;
}

std::vector<PathPoint> PathFinder::path(std::size_t start) {
  constexpr std::size_t least = 24;  // frames that a line would have
  constexpr double surely = 5;       // what was told
  constexpr double the_same = .97;
  std::vector<PathPoint> out(history().frames());
  if (start >= history().frames()) return out;
  const int way = start + least < history().frames() ? 1 : -1;
  std::vector<Line> lines;
  for (const EdgeHistory& history : histories_) lines.push_back(first_line(history, start, way));
  const auto best = std::max_element(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return a.step.clear < b.step.clear;
  });
  std::swap(histories_.front(), histories_[static_cast<std::size_t>(best - lines.begin())]);
  histories_.erase(histories_.begin() + 1, histories_.end());
  const auto [step, span] = *best;
  const auto begin = static_cast<std::size_t>(std::max(span, 1));
  for (std::size_t n = 0; n < begin; ++n) {
    const auto k = static_cast<std::ptrdiff_t>(start) + way * static_cast<std::ptrdiff_t>(n);
    if (k < 0 || k >= static_cast<std::ptrdiff_t>(history().frames())) break;
    const auto m = static_cast<double>(n);
    out[static_cast<std::size_t>(k)] = {box_.x + m * step.x, box_.y + m * step.y, 1, true};
  }
  const bool slow = begin > least;  // so long a line is surer than any sight on it
  const std::vector<PathPoint> line = out;
  // Further and further from where it was told, each time by all that was seen on the way there.
  const std::size_t farthest = std::max(start, history().frames() - start);
  for (std::size_t reach = 2 * begin, last = 0; last < 2; reach *= 2) {
    last += reach >= farthest;
    const MeanEdges before = std::exchange(mark_, mean_along(out));
    // Once more over all only where what is looked for is another now.
    if (last == 2 && likeness(before, mark_) > the_same) break;
    const std::size_t from = start < reach ? 0 : start - reach,
                      to = std::min(history().frames(), start + reach);
    std::vector<std::vector<PathPoint>> seen;
    for (std::size_t n = from; n < to; ++n)
      if (n == start || (slow && line[n].there))
        seen.push_back({{line[n].x, line[n].y, 1, true, surely}});
      else
        seen.push_back(sights(history().edges(n), mark_));
    std::vector<PathPoint> way_there = best_way(seen, history().grid());
    std::copy(way_there.begin(), way_there.end(), out.begin() + static_cast<std::ptrdiff_t>(from));
    out[start].alike = out[start].clear = 1;
  }
  return in_luma(std::move(out));
}

std::vector<PathPoint> PathFinder::path_on() const {
  std::vector<std::vector<PathPoint>> seen;
  for (std::size_t n = 0; n < history().frames(); ++n)
    seen.push_back(sights(history().edges(n), mark_));
  return in_luma(best_way(seen, history().grid()));
}

std::vector<PathPoint> PathFinder::in_luma(std::vector<PathPoint> path) const {
  for (PathPoint& p : path) {  // the told box need not lie on the grid
    p.x = told_.x + (p.x - box_.x) * history().reduction();
    p.y = told_.y + (p.y - box_.y) * history().reduction();
  }
  return straightened(path, history().reduction());
}

}  // namespace cleanplate
