#include "detect/mark_path.h"

#include <algorithm>
#include <cmath>

#include "detect/reduced_luma.h"
#include "frame/read_samples.h"

namespace cleanplate {

namespace {

constexpr int most_columns = 400;
constexpr int near_reach = 5;  // samples of the grid beyond twice the last step
constexpr int most_reach = 40;
constexpr float memory = 60;         // frames that the mean of the edges goes over
constexpr double sure = .4;          // correlation from which it is the mark wherever it is seen
constexpr double unexpected = .012;  // of correlation, a sample away from where it is expected
constexpr double likely = .18;       // and where it is expected
constexpr std::size_t apart = 40;    // frames over which the mark is away from its place
constexpr float known = 20;          // frames after which its edges stand out from a still scene
constexpr int margin = 5;            // samples round a crop

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

}  // namespace

/// Mean edges in the mark's own frame of reference.
struct PathFinder::Template {
  Field x, y;
  float weight = 0;

  void add(const Field& picture, const PathPoint& at) {
    weight = std::min(weight + 1, memory);
    for (int j = 0; j < x.height; ++j)
      for (int i = 0; i < x.width; ++i) {
        const double u = at.x + i, v = at.y + j;
        const auto gx = static_cast<float>(
            (interpolated(picture, u + 1, v) - interpolated(picture, u - 1, v)) / 2);
        const auto gy = static_cast<float>(
            (interpolated(picture, u, v + 1) - interpolated(picture, u, v - 1)) / 2);
        x.at(i, j) += (gx - x.at(i, j)) / weight;
        y.at(i, j) += (gy - y.at(i, j)) / weight;
      }
  }
  [[nodiscard]] double power() const {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      sum += static_cast<double>(x.values[i] * x.values[i] + y.values[i] * y.values[i]);
    return sum;
  }
};

PathFinder::PathFinder(Size picture, const Box& box)
    : reduction_((std::max(picture.width, picture.height) + most_columns - 1) / most_columns) {
  grid_ = {picture.width / reduction_, picture.height / reduction_};
  told_ = box;
  box_ = {box.x / reduction_, box.y / reduction_, std::max(4, box.width / reduction_),
          std::max(4, box.height / reduction_)};
}

void PathFinder::add(const Frame& frame) {
  const Field luma = reduced_luma(frame, reduction_, {0, 0, grid_.width, grid_.height});
  std::vector<std::uint8_t> bytes;
  bytes.reserve(luma.size());
  for (float v : luma.values) bytes.push_back(static_cast<std::uint8_t>(std::clamp(v, 0.f, 255.f)));
  frames_.push_back(std::move(bytes));
}

Field PathFinder::whole(std::size_t frame) const {
  Field out(grid_.width, grid_.height);
  std::copy(frames_[frame].begin(), frames_[frame].end(), out.values.begin());
  return out;
}

/// Less what stands still: the same place long before and after.
Field PathFinder::picture(std::size_t frame) const {
  Field out = whole(frame);
  std::vector<const std::vector<std::uint8_t>*> others;
  if (frame >= apart) others.push_back(&frames_[frame - apart]);
  if (frame + apart < frames_.size()) others.push_back(&frames_[frame + apart]);
  for (const auto* other : others)
    for (std::size_t i = 0; i < out.size(); ++i)
      out.values[i] -= static_cast<float>((*other)[i]) / static_cast<float>(others.size());
  return out;
}

PathPoint PathFinder::search(std::size_t frame, const Template& mark, double x, double y,
                             int reach) const {
  const Field luma = mark.weight < known ? picture(frame) : whole(frame);
  const int w = mark.x.width, h = mark.x.height;
  const int cx = static_cast<int>(std::lround(x)), cy = static_cast<int>(std::lround(y));
  const int x0 = std::max(1, cx - reach), x1 = std::min(luma.width - 1 - w, cx + reach),
            y0 = std::max(1, cy - reach), y1 = std::min(luma.height - 1 - h, cy + reach);
  if (x1 < x0 || y1 < y0) return {x, y, 0, false};
  Field gx(luma.width, luma.height), gy = gx;
  for (int j = std::max(1, y0 - 1); j < std::min(luma.height - 1, y1 + h + 1); ++j)
    for (int i = std::max(1, x0 - 1); i < std::min(luma.width - 1, x1 + w + 1); ++i) {
      const Gradient g = gradient(luma, i, j);
      gx.at(i, j) = g.x, gy.at(i, j) = g.y;
    }
  // Only where the mark has edges: elsewhere the scene's would drown them.
  Field inked(w, h);
  const auto usual = static_cast<float>(mark.power() / static_cast<double>(inked.size()));
  for (std::size_t i = 0; i < inked.size(); ++i)
    inked.values[i] =
        mark.x.values[i] * mark.x.values[i] + mark.y.values[i] * mark.y.values[i] > .5f * usual;
  const auto alike = [&](int px, int py) {
    float both = 0, mine = 1e-6f, theirs = 1e-6f;
    for (int j = 0; j < h; ++j) {
      const float* ax = &gx.values[gx.index(px, py + j)];
      const float* ay = &gy.values[gy.index(px, py + j)];
      const float* bx = &mark.x.values[mark.x.index(0, j)];
      const float* by = &mark.y.values[mark.y.index(0, j)];
      const float* on = &inked.values[inked.index(0, j)];
      for (int i = 0; i < w; ++i) {
        both += on[i] * (ax[i] * bx[i] + ay[i] * by[i]);
        theirs += on[i] * (ax[i] * ax[i] + ay[i] * ay[i]);
        mine += on[i] * (bx[i] * bx[i] + by[i] * by[i]);
      }
    }
    return static_cast<double>(both / std::sqrt(mine * theirs));
  };
  PathPoint best{x, y, -1, false};
  int bx = x0, by = y0;
  for (int j = y0; j <= y1; ++j)
    for (int i = x0; i <= x1; ++i)
      if (const double a = alike(i, j) - unexpected * std::hypot(i - x, j - y); a > best.alike)
        best.alike = a, bx = i, by = j;
  best.x = bx, best.y = by;
  best.alike = alike(bx, by);
  if (bx > x0 && bx < x1) best.x += top(alike(bx - 1, by), best.alike, alike(bx + 1, by));
  if (by > y0 && by < y1) best.y += top(alike(bx, by - 1), best.alike, alike(bx, by + 1));
  return best;
}

/// The step a frame, of those on a straight line, along which the edges add up best.
PathPoint PathFinder::first_step(std::size_t start, int way) const {
  constexpr int spans[] = {4, 8, 16, 24};  // frames
  constexpr int widest = 8;                // samples a frame
  constexpr std::size_t kept = 12;
  std::vector<Field> pictures;
  const auto here = static_cast<std::ptrdiff_t>(start);
  for (std::ptrdiff_t n = here;
       n >= 0 && n < static_cast<std::ptrdiff_t>(frames_.size()) && std::abs(n - here) <= spans[3];
       n += way)
    pictures.push_back(picture(static_cast<std::size_t>(n)));
  std::vector<PathPoint> steps;
  for (int y = -widest * spans[0]; y <= widest * spans[0]; y += 2)
    for (int x = -widest * spans[0]; x <= widest * spans[0]; x += 2)
      steps.push_back({static_cast<double>(x) / spans[0], static_cast<double>(y) / spans[0]});
  for (const int span : spans) {
    if (static_cast<std::size_t>(span) >= pictures.size()) break;
    for (PathPoint& s : steps) {
      Template mean{Field(box_.width, box_.height), Field(box_.width, box_.height), 0};
      const int stride = std::max(1, span / 4);
      for (int n = 0; n <= span; n += stride)
        mean.add(pictures[static_cast<std::size_t>(n)], {box_.x + n * s.x, box_.y + n * s.y});
      s.alike = mean.power();
    }
    std::sort(steps.begin(), steps.end(),
              [](const PathPoint& a, const PathPoint& b) { return a.alike > b.alike; });
    if (steps.size() > kept) steps.resize(kept);
    if (span == spans[3]) break;
    const std::vector<PathPoint> best = steps;
    for (const PathPoint& s : best)
      for (int y = -2; y <= 2; ++y)
        for (int x = -2; x <= 2; ++x)
          if (x || y) steps.push_back({s.x + .5 * x / span, s.y + .5 * y / span});
  }
  return steps.empty() ? PathPoint{} : steps[0];
}

std::vector<PathPoint> PathFinder::path(std::size_t start) const {
  constexpr std::size_t begin = 12;  // frames of the straight line that the mean starts with
  std::vector<PathPoint> out(frames_.size());
  if (start >= frames_.size()) return out;
  const int first_way = start + begin < frames_.size() ? 1 : -1;
  const PathPoint step = first_step(start, first_way);
  Template mark{Field(box_.width, box_.height), Field(box_.width, box_.height), 0};
  out[start] = {static_cast<double>(box_.x), static_cast<double>(box_.y), 1, true};
  for (std::size_t n = 0; n < begin; ++n) {
    const auto k = static_cast<std::ptrdiff_t>(start) + first_way * static_cast<std::ptrdiff_t>(n);
    if (k < 0 || k >= static_cast<std::ptrdiff_t>(frames_.size())) break;
    const auto m = static_cast<double>(n);
    mark.add(picture(static_cast<std::size_t>(k)), {box_.x + m * step.x, box_.y + m * step.y});
  }
  for (const int way : {first_way, -first_way}) {
    PathPoint last = out[start];
    double vx = first_way * way * step.x, vy = first_way * way * step.y;
    int lost = 0;
    for (auto n = static_cast<std::ptrdiff_t>(start) + way;
         n >= 0 && n < static_cast<std::ptrdiff_t>(frames_.size()); n += way) {
      const auto k = static_cast<std::size_t>(n);
      const double ahead = lost + 1;
      const double x = last.x + ahead * vx, y = last.y + ahead * vy;
      const double speed = std::max(std::fabs(vx), std::fabs(vy));
      const int reach =
          std::min(most_reach, near_reach + 2 * lost + static_cast<int>(2 * ahead * speed));
      PathPoint found = search(k, mark, x, y, reach);
      const double off = std::hypot(found.x - x, found.y - y);
      found.there = found.alike > sure || (found.alike > likely && off < 1.5 + .2 * lost);
      if (found.there) {
        constexpr double follow = .5;  // of what the step was wrong by
        const double dx = (found.x - last.x) / ahead, dy = (found.y - last.y) / ahead;
        const bool turned = off > 3;
        vx += (turned ? 1 : follow) * (dx - vx), vy += (turned ? 1 : follow) * (dy - vy);
        lost = 0;
        last = found;
        mark.add(mark.weight < known ? picture(k) : whole(k), found);
      } else {
        ++lost;
      }
      out[k] = found;
    }
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
