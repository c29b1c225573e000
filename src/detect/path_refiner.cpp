#include "detect/path_refiner.h"

#include <algorithm>
#include <cmath>

#include "detect/reduced_luma.h"

namespace cleanplate {

namespace {

constexpr int margin = 5;  // samples round a crop

struct Gradient {
  float x = 0, y = 0;
};
Gradient gradient(const Field& f, int x, int y) {
  return {(f.at(x + 1, y) - f.at(x - 1, y)) / 2, (f.at(x, y + 1) - f.at(x, y - 1)) / 2};
}

}  // namespace

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
        if (l <= here && r <= here) p.x += step * top_between(l, here, r);
        const double now = alike(p.x, p.y);
        const double u = alike(p.x, p.y - step), d = alike(p.x, p.y + step);
        p.y += u > now && u >= d ? -step : d > now ? step : 0;
        if (u <= now && d <= now) p.y += step * top_between(u, now, d);
        p.x = std::clamp(p.x, c.x + 1., c.x + 2. * margin - 1);
        p.y = std::clamp(p.y, c.y + 1., c.y + 2. * margin - 1);
      }
      p.alike = alike(p.x, p.y);
    }
  }
  return straightened(out, .75);
}

}  // namespace cleanplate
