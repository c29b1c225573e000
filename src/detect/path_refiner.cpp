#include "detect/path_refiner.h"

#include <algorithm>
#include <cmath>

#include "detect/reduced_plane.h"

namespace cleanplate {

namespace {

constexpr int margin = 5;  // samples round a crop
constexpr int rounds = 4;
constexpr std::size_t tell_plane = 24;                            // crops
constexpr std::ptrdiff_t crop_memory = std::ptrdiff_t{48} << 20;  // bytes

struct Gradient {
  float x = 0, y = 0;
};
Gradient gradient(const Field& f, int x, int y) {
  return {(f.at(x + 1, y) - f.at(x - 1, y)) / 2, (f.at(x, y + 1) - f.at(x, y - 1)) / 2};
}

}  // namespace

PathRefiner::PathRefiner(const Box& box, std::vector<PathPoint> path, std::ptrdiff_t most)
    : box_(box), told_(std::move(path)), path_(told_) {
  const auto there =
      std::count_if(told_.begin(), told_.end(), [](const PathPoint& p) { return p.there; });
  every_ = static_cast<std::size_t>(1 + std::max<std::ptrdiff_t>(0, there - 1) / most);
}

/// So many that the frames of most clips are asked for but once.
PathRefiner::PathRefiner(const Box& box, std::vector<PathPoint> path)
    : PathRefiner(
          box, std::move(path),
          std::clamp<std::ptrdiff_t>(crop_memory / (std::ptrdiff_t{4} * (box.width + 2 * margin) *
                                                    (box.height + 2 * margin)),
                                     60, 512)) {}

PathRefiner::Crop PathRefiner::cut(const Frame& frame, std::size_t number, int plane) const {
  Crop crop;
  if (number >= told_.size() || !told_[number].there) return crop;
  const PathPoint& p = told_[number];
  const Box box{static_cast<int>(std::lround(p.x)) - margin,
                static_cast<int>(std::lround(p.y)) - margin, box_.width + 2 * margin,
                box_.height + 2 * margin};
  const Size size = frame.size();
  if (!(box.intersect({0, 0, size.width, size.height}) == box)) return crop;
  crop.frame = number;
  crop.x = box.x, crop.y = box.y;
  crop.levels = reduced_plane(frame, plane, 1, box);
  return crop;
}

void PathRefiner::add(const Frame& frame) {
  const std::size_t number = added_++;
  if (number % every_ != 0) return;
  const auto keep = [&](int plane, std::vector<Crop>& to) {
    Crop crop = cut(frame, number, plane);
    if (!crop.levels.empty()) to.push_back(std::move(crop));
  };
  if (plane_) return keep(*plane_, crops_);
  for (int p = 0; p < frame.format().components(); ++p)
    keep(p, first_[static_cast<std::size_t>(p)]);
  if (first_[0].size() == tell_plane) choose_plane();
}

/// The share of the edges' power that stays when crops are laid on each other.
double PathRefiner::goes_along(const std::vector<Crop>& crops) const {
  constexpr double noise = 1;  // levels², of a step
  Field across(box_.width, box_.height), down(across);
  double all = 0;
  for (const Crop& c : crops) {
    const PathPoint& p = path_[c.frame];
    const Field at =
        cut_between(c.levels, p.x - c.x - 1, p.y - c.y - 1, {box_.width + 2, box_.height + 2});
    for (int y = 0; y < box_.height; ++y)
      for (int x = 0; x < box_.width; ++x) {
        const Gradient g = gradient(at, x + 1, y + 1);
        across.at(x, y) += 2 * g.x, down.at(x, y) += 2 * g.y;
        all += static_cast<double>(4 * (g.x * g.x + g.y * g.y)) + noise;
      }
  }
  double kept = 0;
  for (std::size_t i = 0; i < across.size(); ++i)
    kept +=
        static_cast<double>(across.values[i] * across.values[i] + down.values[i] * down.values[i]);
  return crops.empty() ? 0 : kept / (all * static_cast<double>(crops.size()));
}

/// Luma, which is the finer, unless a coloured mark goes along much better in its chroma.
void PathRefiner::choose_plane() {
  constexpr double much = 1.3;
  plane_ = 0;
  double best = much * goes_along(first_[0]);
  for (int p = 1; p < 3; ++p)
    if (const double share = goes_along(first_[static_cast<std::size_t>(p)]); share > best)
      best = share, plane_ = p;
  crops_ = std::move(first_[static_cast<std::size_t>(*plane_)]);
  first_ = {};
}

bool PathRefiner::take_mean() {
  const int w = box_.width, h = box_.height;
  if (crops_.size() < 4) return false;
  Field sum(w, h);
  for (const Crop& c : crops_) {
    const PathPoint& p = path_[c.frame];
    double mean = 0;
    for (float v : c.levels.values) mean += static_cast<double>(v);
    mean /= static_cast<double>(c.levels.size());
    const Field here = cut_between(c.levels, p.x - c.x, p.y - c.y, {w, h});
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum.values[i] += here.values[i] - static_cast<float>(mean);
  }
  for (float& v : sum.values) v /= static_cast<float>(crops_.size());
  std::vector<MeanEdge> all;
  double power = 1e-9;
  for (int y = 1; y < h - 1; ++y)
    for (int x = 1; x < w - 1; ++x) {
      const Gradient g = gradient(sum, x, y);
      all.push_back({x, y, g.x, g.y});
      power += static_cast<double>(g.x * g.x + g.y * g.y);
    }
  const auto usual = static_cast<float>(.5 * power / static_cast<double>(sum.size()));
  mean_.clear();
  power_ = 1e-9;
  for (const MeanEdge& edge : all) {
    const float p = edge.gx * edge.gx + edge.gy * edge.gy;
    if (p < usual) continue;
    mean_.push_back(edge);
    power_ += static_cast<double>(p);
  }
  return true;
}

double PathRefiner::alike(const Crop& crop, double px, double py) const {
  const Field here = cut_between(crop.levels, px - crop.x, py - crop.y, {box_.width, box_.height});
  double both = 0, theirs = 1e-9;
  for (const MeanEdge& edge : mean_) {
    const Gradient g = gradient(here, edge.x, edge.y);
    both += static_cast<double>(g.x * edge.gx + g.y * edge.gy);
    theirs += static_cast<double>(g.x * g.x + g.y * g.y);
  }
  return both / std::sqrt(theirs * power_);
}

/// Correlation of edges over a small grid of shifts; its top between samples by a parabola.
void PathRefiner::move(const Crop& c, int round) {
  PathPoint& p = path_[c.frame];
  const double step = round == 0 ? 1 : round == 1 ? .7 : .5;
  for (int turn = 0; turn < (round == 0 ? 3 : 1); ++turn) {
    const double here = alike(c, p.x, p.y);
    const double l = alike(c, p.x - step, p.y), r = alike(c, p.x + step, p.y);
    p.x += l > here && l >= r ? -step : r > here ? step : 0;
    if (l <= here && r <= here) p.x += step * top_between(l, here, r);
    const double now = alike(c, p.x, p.y);
    const double u = alike(c, p.x, p.y - step), d = alike(c, p.x, p.y + step);
    p.y += u > now && u >= d ? -step : d > now ? step : 0;
    if (u <= now && d <= now) p.y += step * top_between(u, now, d);
    p.x = std::clamp(p.x, c.x + 1., c.x + 2. * margin - 1);
    p.y = std::clamp(p.y, c.y + 1., c.y + 2. * margin - 1);
  }
  p.alike = alike(c, p.x, p.y);
}

bool PathRefiner::settle() {
  if (!plane_) choose_plane();
  for (int round = 0; round < rounds; ++round) {
    if (!take_mean()) return false;
    for (const Crop& c : crops_) move(c, round);
  }
  crops_.clear();
  return every_ > 1;
}

void PathRefiner::place(const Frame& frame) {
  const std::size_t number = placed_++;
  if (number % every_ == 0) return;
  const Crop crop = cut(frame, number, *plane_);
  if (crop.levels.empty()) return;
  for (int round = 0; round < rounds; ++round) move(crop, round);
}

std::vector<PathPoint> PathRefiner::path() const { return straightened(path_, .75); }

}  // namespace cleanplate
