#include "detect/mark_path.h"

#include <algorithm>
#include <cmath>

#include "detect/reduced_luma.h"
#include "frame/read_samples.h"

namespace cleanplate {

namespace {

constexpr int most_columns = 400, least_columns = 120;
constexpr double mark_side = 22;   // samples of the grid that a mark has each way
constexpr double sure = .4;        // correlation from which it is the mark wherever it is seen
constexpr double likely = .18;     // and where it is expected
constexpr std::size_t block = 32;  // frames whose edges are summed
constexpr int margin = 5;          // samples round a crop

struct Gradient {
  float x = 0, y = 0;
};
Gradient gradient(const Field& f, int x, int y) {
  return {(f.at(x + 1, y) - f.at(x - 1, y)) / 2, (f.at(x, y + 1) - f.at(x, y - 1)) / 2};
}

/// The top of a parabola through three values; −.5 … .5.
double top(double left, double middle, double right) {
  const double bend = left - 2 * middle + right;
  return bend < 0 ? std::clamp(.5 * (left - right) / bend, -.5, .5) : 0;
}

double interpolated(const Field& f, double x, double y) {
  const int ix = static_cast<int>(std::floor(x)), iy = static_cast<int>(std::floor(y));
  const auto fx = static_cast<float>(x - ix), fy = static_cast<float>(y - iy);
  return static_cast<double>(
      (1 - fy) * ((1 - fx) * f.clamped(ix, iy) + fx * f.clamped(ix + 1, iy)) +
      fy * ((1 - fx) * f.clamped(ix, iy + 1) + fx * f.clamped(ix + 1, iy + 1)));
}

/// A mark moves on a straight line but for where it turns: each point is laid on the line through
/// those around it that agree; one that was not seen, or is not like the mark, has no say.
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

/// The way through the frames' sights that sees most of the mark and bends least (a beam search).
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
    out[static_cast<std::size_t>(n)] = {s.x, s.y, s.alike, s.alike > likely, s.clear};
    k = s.from;
  }
  return out;
}

}  // namespace

struct PathFinder::Edges {
  Field x, y;
  explicit Edges(Size size) : x(size.width, size.height), y(size.width, size.height) {}
};

/// Mean edges in the mark's own frame of reference.
struct PathFinder::Template : Edges {
  using Edges::Edges;
  float weight = 0;
  void add(const Edges& picture, const PathPoint& at) {
    weight += 1;
    for (int j = 0; j < x.height; ++j)
      for (int i = 0; i < x.width; ++i) {
        const double u = at.x + i, v = at.y + j;
        x.at(i, j) += (static_cast<float>(interpolated(picture.x, u, v)) - x.at(i, j)) / weight;
        y.at(i, j) += (static_cast<float>(interpolated(picture.y, u, v)) - y.at(i, j)) / weight;
      }
  }
  /// The mean square within a rim, less that of the rim: the scene moves there too.
  [[nodiscard]] double stands_out(int rim) const {
    double in = 0, out = 0, inside = 0, all = static_cast<double>(x.size());
    for (int j = 0; j < x.height; ++j)
      for (int i = 0; i < x.width; ++i) {
        const float gx = x.at(i, j), gy = y.at(i, j);
        const bool here = i >= rim && j >= rim && i < x.width - rim && j < x.height - rim;
        (here ? in : out) += static_cast<double>(gx * gx + gy * gy);
        inside += here;
      }
    return in / inside - (rim ? out / (all - inside) : 0);
  }
};

PathFinder::PathFinder(Size picture, const Box& box)
    : reduction_(
          std::clamp(static_cast<int>(std::sqrt(static_cast<double>(box.area())) / mark_side),
                     std::max(picture.width, picture.height) / most_columns + 1,
                     std::max(picture.width, picture.height) / least_columns + 1)) {
  grid_ = {picture.width / reduction_, picture.height / reduction_};
  told_ = box;
  box_ = {box.x / reduction_, box.y / reduction_, std::max(4, box.width / reduction_),
          std::max(4, box.height / reduction_)};
}

void PathFinder::add(const Frame& frame) {
  constexpr float usual = 6;  // levels a sample: a stronger edge counts little more
  const Field luma = reduced_luma(frame, reduction_, {0, 0, grid_.width, grid_.height});
  std::vector<std::int8_t> bytes(2 * luma.size());
  for (int y = 1; y < grid_.height - 1; ++y)
    for (int x = 1; x < grid_.width - 1; ++x) {
      const Gradient g = gradient(luma, x, y);
      const float scale = 127 / std::sqrt(g.x * g.x + g.y * g.y + usual * usual);
      bytes[luma.index(x, y)] = static_cast<std::int8_t>(std::lround(scale * g.x));
      bytes[luma.size() + luma.index(x, y)] = static_cast<std::int8_t>(std::lround(scale * g.y));
    }
  if (frames_.size() % block == 0) sums_.emplace_back(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) sums_.back()[i] += static_cast<float>(bytes[i]);
  frames_.push_back(std::move(bytes));
}

/// A frame's edges, less those that were there in most frames round it.
PathFinder::Edges PathFinder::edges(std::size_t frame) const {
  constexpr std::size_t around = 4;  // blocks
  constexpr float most = .55f * 127;
  Edges out(grid_);
  const std::vector<std::int8_t>& bytes = frames_[frame];
  const std::size_t size = out.x.size(), here = frame / block;
  const std::size_t from = here < around ? 0 : here - around,
                    to = std::min(sums_.size(), here + around + 1);
  const auto count = static_cast<float>(std::min(frames_.size(), to * block) - from * block);
  for (std::size_t i = 0; i < size; ++i) {
    float x = 0, y = 0;
    for (std::size_t b = from; b < to; ++b) x += sums_[b][i], y += sums_[b][size + i];
    x /= count, y /= count;
    const bool stays = x * x + y * y > most * most;
    out.x.values[i] = static_cast<float>(bytes[i]) - (stays ? x : 0);
    out.y.values[i] = static_cast<float>(bytes[size + i]) - (stays ? y : 0);
  }
  return out;
}

/// Where a picture is most like the mark: the tops of the correlation of edges, best first.
std::vector<PathPoint> PathFinder::sights(const Edges& picture, const Template& mark) const {
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
  const auto usual = static_cast<float>(mark.stands_out(0));
  Field both(across, down), theirs(across, down, 1);
  float mine = 1e-6f;
  for (int j = 0; j < h; ++j)
    for (int i = 0; i < w; ++i) {
      const float mx = mark.x.at(i, j), my = mark.y.at(i, j), m2 = mx * mx + my * my;
      if (m2 <= .5f * usual) continue;
      mine += m2;
      for (int y = 0; y < down; ++y) {
        const std::size_t from = gx.index(1 + i, 1 + y + j), to = both.index(0, y);
        const float *ax = &gx.values[from], *ay = &gy.values[from], *a2 = &g2.values[from];
        float *b = &both.values[to], *t = &theirs.values[to];
        for (int x = 0; x < across; ++x) b[x] += ax[x] * mx + ay[x] * my, t[x] += a2[x];
      }
    }
  for (std::size_t i = 0; i < both.size(); ++i)
    both.values[i] /= std::sqrt(mine * theirs.values[i]);
  const Field tops = dilated(both, near);
  std::vector<PathPoint> out;
  for (int y = 0; y < down; ++y)
    for (int x = 0; x < across; ++x) {
      const float here = both.at(x, y);
      if (here < tops.at(x, y) || here < static_cast<float>(likely)) continue;
      PathPoint p{x + 1., y + 1., static_cast<double>(here), true};
      const auto at = [&](int i, int j) { return static_cast<double>(both.clamped(i, j)); };
      p.x += top(at(x - 1, y), p.alike, at(x + 1, y));
      p.y += top(at(x, y - 1), p.alike, at(x, y + 1));
      out.push_back(p);
    }
  std::sort(out.begin(), out.end(),
            [](const PathPoint& a, const PathPoint& b) { return a.alike > b.alike; });
  const double second = out.size() > 1 ? out[1].alike : likely;
  for (PathPoint& p : out) p.clear = p.alike - second;
  if (out.size() > most) out.resize(most);
  return out;
}

/// The step a frame, of those on a straight line, along which the edges add up best.
PathPoint PathFinder::first_step(std::size_t start, int way) const {
  constexpr int spans[] = {4, 8, 16, 24};  // frames
  constexpr int widest = 8;                // samples a frame
  constexpr std::size_t kept = 12;
  const int rim = std::max(2, std::min(box_.width, box_.height) / 4);
  std::vector<Edges> pictures;
  const auto here = static_cast<std::ptrdiff_t>(start);
  for (std::ptrdiff_t n = here;
       n >= 0 && n < static_cast<std::ptrdiff_t>(frames_.size()) && std::abs(n - here) <= spans[3];
       n += way)
    pictures.push_back(edges(static_cast<std::size_t>(n)));
  std::vector<PathPoint> steps;
  for (int y = -widest * spans[0]; y <= widest * spans[0]; y += 2)
    for (int x = -widest * spans[0]; x <= widest * spans[0]; x += 2)
      steps.push_back({static_cast<double>(x) / spans[0], static_cast<double>(y) / spans[0]});
  const auto leaves = [&](const PathPoint& s) {
    const double x = box_.x + spans[3] * s.x, y = box_.y + spans[3] * s.y;
    return x < 0 || y < 0 || x + box_.width > grid_.width || y + box_.height > grid_.height;
  };
  std::erase_if(steps, leaves);
  for (const int span : spans) {
    if (static_cast<std::size_t>(span) >= pictures.size()) break;
    for (PathPoint& s : steps) {
      Template mean({box_.width + 2 * rim, box_.height + 2 * rim});
      const int stride = std::max(1, span / 4);
      for (int n = 0; n <= span; n += stride)
        mean.add(pictures[static_cast<std::size_t>(n)],
                 {box_.x - rim + n * s.x, box_.y - rim + n * s.y});
      s.alike = mean.stands_out(rim);
    }
    std::sort(steps.begin(), steps.end(),
              [](const PathPoint& a, const PathPoint& b) { return a.alike > b.alike; });
    if (steps.size() > kept) steps.resize(kept);
    if (span == spans[3]) break;
    steps.push_back({});  // a slow mark stands out only after a while
    const std::vector<PathPoint> best = steps;
    for (const PathPoint& s : best)
      for (int y = -2; y <= 2; ++y)
        for (int x = -2; x <= 2; ++x)
          if (x || y) steps.push_back({s.x + .5 * x / span, s.y + .5 * y / span});
  }
  return steps.empty() ? PathPoint{} : steps[0];
}

/// The mean along a path, of the half of its points that were seen most clearly.
PathFinder::Template PathFinder::mean_along(const std::vector<PathPoint>& path) const {
  std::vector<float> clear;
  for (const PathPoint& p : path)
    if (p.there) clear.push_back(static_cast<float>(p.clear));
  const auto least = static_cast<double>(quantile(std::move(clear), .5));
  Template mark({box_.width, box_.height});
  for (std::size_t n = 0; n < path.size(); ++n)
    if (path[n].there && path[n].clear >= least) mark.add(edges(n), path[n]);
  return mark;
}

std::vector<PathPoint> PathFinder::path(std::size_t start) const {
  constexpr std::size_t begin = 24;  // frames of the straight line that the mean starts with
  constexpr double surely = 5;       // what was told
  std::vector<PathPoint> out(frames_.size());
  if (start >= frames_.size()) return out;
  const int way = start + begin < frames_.size() ? 1 : -1;
  const PathPoint step = first_step(start, way);
  for (std::size_t n = 0; n < begin; ++n) {
    const auto k = static_cast<std::ptrdiff_t>(start) + way * static_cast<std::ptrdiff_t>(n);
    if (k < 0 || k >= static_cast<std::ptrdiff_t>(frames_.size())) break;
    const auto m = static_cast<double>(n);
    out[static_cast<std::size_t>(k)] = {box_.x + m * step.x, box_.y + m * step.y, 1, true};
  }
  // Further and further from where it was told, each time by all that was seen on the way there.
  const std::size_t farthest = std::max(start, frames_.size() - start);
  for (std::size_t reach = 2 * begin, last = 0; last < 2; reach *= 2) {
    last += reach >= farthest;
    const Template mark = mean_along(out);
    const std::size_t from = start < reach ? 0 : start - reach,
                      to = std::min(frames_.size(), start + reach);
    std::vector<std::vector<PathPoint>> seen;
    for (std::size_t n = from; n < to; ++n)
      if (n == start)
        seen.push_back(
            {{static_cast<double>(box_.x), static_cast<double>(box_.y), 1, true, surely}});
      else
        seen.push_back(sights(edges(n), mark));
    std::vector<PathPoint> way_there = best_way(seen, grid_);
    std::copy(way_there.begin(), way_there.end(), out.begin() + static_cast<std::ptrdiff_t>(from));
    out[start].alike = out[start].clear = 1;
  }
  for (PathPoint& p : out) {  // the told box need not lie on the grid
    p.x = told_.x + (p.x - box_.x) * reduction_;
    p.y = told_.y + (p.y - box_.y) * reduction_;
  }
  return straightened(out, reduction_);
}

PathRefiner::PathRefiner(const Box& box, std::vector<PathPoint> path)
    : box_(box), path_(std::move(path)) {}

void PathRefiner::add(const Frame& frame) {
  crops_.emplace_back();
  if (crops_.size() > path_.size() || !path_[crops_.size() - 1].there) return;
  const PathPoint& p = path_[crops_.size() - 1];
  const Box box{static_cast<int>(std::lround(p.x)) - margin,
                static_cast<int>(std::lround(p.y)) - margin, box_.width + 2 * margin,
                box_.height + 2 * margin};
  const Size size = frame.size();
  if (!(box.intersect({0, 0, size.width, size.height}) == box)) return;
  Crop& crop = crops_.back();
  crop.x = box.x, crop.y = box.y;
  crop.luma = reduced_luma(frame, 1, box);
}

std::vector<PathPoint> PathRefiner::path() const {
  std::vector<PathPoint> out = path_;
  const int w = box_.width, h = box_.height;
  constexpr int rounds = 4;
  for (int round = 0; round < rounds; ++round) {
    Field sum(w, h);
    float count = 0;
    for (std::size_t n = 0; n < crops_.size(); ++n) {
      const Crop& c = crops_[n];
      if (c.luma.empty()) continue;
      double mean = 0;
      for (float v : c.luma.values) mean += static_cast<double>(v);
      mean /= static_cast<double>(c.luma.size());
      for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x)
          sum.at(x, y) += static_cast<float>(
              interpolated(c.luma, out[n].x - c.x + x, out[n].y - c.y + y) - mean);
      count += 1;
    }
    if (count < 4) break;
    for (float& v : sum.values) v /= count;
    Field gx(w, h), gy(w, h);
    double power = 1e-9;
    for (int y = 1; y < h - 1; ++y)
      for (int x = 1; x < w - 1; ++x) {
        const Gradient g = gradient(sum, x, y);
        gx.at(x, y) = g.x, gy.at(x, y) = g.y;
        power += static_cast<double>(g.x * g.x + g.y * g.y);
      }
    const auto usual = static_cast<float>(.5 * power / static_cast<double>(gx.size()));
    power = 1e-9;
    for (std::size_t i = 0; i < gx.size(); ++i) {
      const float p = gx.values[i] * gx.values[i] + gy.values[i] * gy.values[i];
      if (p < usual)
        gx.values[i] = gy.values[i] = 0;
      else
        power += static_cast<double>(p);
    }
    // Correlation of edges over a small grid of shifts; its top between samples by a parabola.
    for (std::size_t n = 0; n < crops_.size(); ++n) {
      const Crop& c = crops_[n];
      if (c.luma.empty()) continue;
      const auto alike = [&](double px, double py) {
        double both = 0, theirs = 1e-9;
        for (int y = 1; y < h - 1; y += 1)
          for (int x = 1; x < w - 1; x += 1) {
            if (gx.at(x, y) == 0 && gy.at(x, y) == 0) continue;
            const double u = px - c.x + x, v = py - c.y + y;
            const double ax = (interpolated(c.luma, u + 1, v) - interpolated(c.luma, u - 1, v)) / 2,
                         ay = (interpolated(c.luma, u, v + 1) - interpolated(c.luma, u, v - 1)) / 2;
            both += ax * static_cast<double>(gx.at(x, y)) + ay * static_cast<double>(gy.at(x, y));
            theirs += ax * ax + ay * ay;
          }
        return both / std::sqrt(theirs * power);
      };
      PathPoint& p = out[n];
      const double step = round == 0 ? 1 : round == 1 ? .7 : .5;
      for (int turn = 0; turn < (round == 0 ? 3 : 1); ++turn) {
        const double here = alike(p.x, p.y);
        const double l = alike(p.x - step, p.y), r = alike(p.x + step, p.y);
        p.x += l > here && l >= r ? -step : r > here ? step : 0;
        if (l <= here && r <= here) p.x += step * top(l, here, r);
        const double now = alike(p.x, p.y);
        const double u = alike(p.x, p.y - step), d = alike(p.x, p.y + step);
        p.y += u > now && u >= d ? -step : d > now ? step : 0;
        if (u <= now && d <= now) p.y += step * top(u, now, d);
        p.x = std::clamp(p.x, c.x + 1., c.x + 2. * margin - 1);
        p.y = std::clamp(p.y, c.y + 1., c.y + 2. * margin - 1);
      }
      p.alike = alike(p.x, p.y);
    }
  }
  return straightened(out, .75);
}

}  // namespace cleanplate
