#include "detect/place_states.h"

#include <algorithm>
#include <cmath>

#include "detect/reduced_plane.h"

namespace cleanplate {

namespace {

constexpr int margin = 8;  // samples round the place, where little else changes
constexpr std::size_t most_parts = 64;
constexpr std::size_t least_parts = 6;
constexpr float least_step = 2;      // levels a sample
constexpr float clear_step = 4;      // over its standard error
constexpr float least_dense = .18f;  // share of a 5 x 5 window that steps
constexpr std::size_t least_edges = 40;

float length2(const Slope& s) { return dot(s, s); }

}  // namespace

PlaceStates::PlaceStates(const Box& box, int reduction, Size grid)
    : box_(box.intersect({1, 1, grid.width - 1, grid.height - 1})),
      window_(box_.grown(margin).intersect({0, 0, grid.width, grid.height})),
      reduction_(reduction) {}

void PlaceStates::Part::join(const Part& other) {
  frames += other.frames;
  for (std::size_t p = 0; p < planes; ++p)
    for (std::size_t i = 0; i < sums[p].size(); ++i)
      sums[p][i] = {sums[p][i].x + other.sums[p][i].x, sums[p][i].y + other.sums[p][i].y};
}

void PlaceStates::add(const Frame& frame) {
  if (parts_.empty()) planes_ = static_cast<std::size_t>(frame.format().components());
  if (parts_.empty() || parts_.back().frames == length_) {
    if (parts_.size() == most_parts) {
      for (std::size_t k = 0; k < most_parts / 2; ++k) {
        if (k > 0) parts_[k] = std::move(parts_[2 * k]);
        parts_[k].join(parts_[2 * k + 1]);
      }
      parts_.resize(most_parts / 2);
      length_ *= 2;
    }
    parts_.emplace_back();
    for (std::size_t p = 0; p < planes_; ++p)
      parts_.back().sums[p].resize(static_cast<std::size_t>(window_.area()));
  }
  Part& part = parts_.back();
  ++part.frames;
  for (std::size_t p = 0; p < planes_; ++p) {
    const Field seen = reduced_plane(frame, static_cast<int>(p), reduction_, window_);
    for (int y = 1; y < seen.height; ++y)
      for (int x = 1; x < seen.width; ++x) {
        Slope& sum = part.sums[p][seen.index(x, y)];
        const float here = seen.at(x, y);
        sum.x += here - seen.at(x - 1, y), sum.y += here - seen.at(x, y - 1);
      }
  }
}

/// Of each part whether it is of the one kind: where the parts' places along their first principal
/// component are best split in two.
std::vector<bool> PlaceStates::kinds() const {
  const std::size_t n = parts_.size();
  // The products of each two parts less their mean stand for the samples, which are many more.
  std::vector<double> products(n * n);
  std::array<std::vector<Slope>, planes> mean;
  for (std::size_t p = 0; p < planes_; ++p) {
    mean[p].resize(parts_[0].sums[p].size());
    for (std::size_t i = 0; i < mean[p].size(); ++i)
      for (const Part& part : parts_) {
        const float share = 1.f / static_cast<float>(n * static_cast<std::size_t>(part.frames));
        mean[p][i].x += share * part.sums[p][i].x, mean[p][i].y += share * part.sums[p][i].y;
      }
  }
  const auto less_mean = [&](const Part& part, std::size_t p, std::size_t i) {
    const float each = 1.f / static_cast<float>(part.frames);
    return Slope{each * part.sums[p][i].x, each * part.sums[p][i].y} - mean[p][i];
  };
  for (std::size_t p = 0; p < planes_; ++p)
    for (std::size_t i = 0; i < mean[p].size(); ++i)
      for (std::size_t a = 0; a < n; ++a) {
        const Slope at_a = less_mean(parts_[a], p, i);
        for (std::size_t b = 0; b <= a; ++b)
          products[a * n + b] += static_cast<double>(dot(at_a, less_mean(parts_[b], p, i)));
      }
  std::vector<double> along(n), next(n);
  for (std::size_t k = 0; k < n; ++k) along[k] = k < n / 2 ? 1 : -1 - .01 * static_cast<double>(k);
  for (int round = 0; round < 50; ++round) {
    double length = 0;
    for (std::size_t a = 0; a < n; ++a) {
      next[a] = 0;
      for (std::size_t b = 0; b < n; ++b)
        next[a] += products[std::max(a, b) * n + std::min(a, b)] * along[b];
      length += next[a] * next[a];
    }
    if (length <= 0) return std::vector<bool>(n);
    for (std::size_t a = 0; a < n; ++a) along[a] = next[a] / std::sqrt(length);
  }
  std::vector<double> sorted = along;
  std::sort(sorted.begin(), sorted.end());
  double total = 0, below = 0, best = 0, limit = sorted[0];
  for (const double v : sorted) total += v;
  for (std::size_t k = 1; k < n; ++k) {
    below += sorted[k - 1];
    const auto few = static_cast<double>(k), many = static_cast<double>(n - k);
    const double apart = (total - below) / many - below / few;
    if (few * many * apart * apart > best) best = few * many * apart * apart, limit = sorted[k];
  }
  std::vector<bool> kinds(n);
  for (std::size_t k = 0; k < n; ++k) kinds[k] = along[k] >= limit;
  return kinds;
}

std::optional<PassingPlace> PlaceStates::place() const {
  if (parts_.size() < least_parts || window_.empty()) return std::nullopt;
  const std::vector<bool> kind = kinds();
  const auto ones = static_cast<float>(std::count(kind.begin(), kind.end(), true));
  const float count[2] = {static_cast<float>(kind.size()) - ones, ones};
  if (std::min(count[0], count[1]) < 2) return std::nullopt;

  struct Sample {
    Slopes mean[2], adds;
    float step2 = 0;  // levels², of the plane that shows it best
    bool clear = false;
  };
  const Size size{window_.width, window_.height};
  Field steps(size.width, size.height);
  std::vector<Sample> samples(steps.size());
  double power[2] = {};
  for (std::size_t i = 0; i < samples.size(); ++i) {
    Sample& s = samples[i];
    for (std::size_t p = 0; p < planes_; ++p) {
      float squares = 0;
      for (std::size_t k = 0; k < parts_.size(); ++k) {
        const Slope& sum = parts_[k].sums[p][i];
        const float each = 1.f / static_cast<float>(parts_[k].frames);
        Slope& to = s.mean[kind[k]][p];
        to.x += each * sum.x / count[kind[k]], to.y += each * sum.y / count[kind[k]];
        squares += each * each * length2(sum);
      }
      const float within2 =
          (squares - count[0] * length2(s.mean[0][p]) - count[1] * length2(s.mean[1][p])) /
          (count[0] + count[1]);
      const float error2 = (within2 + .1f) * (1 / count[0] + 1 / count[1]);
      const float step2 = length2(s.mean[1][p] - s.mean[0][p]);
      s.step2 = std::max(s.step2, step2);
      s.clear =
          s.clear || (step2 > least_step * least_step && step2 > clear_step * clear_step * error2);
      for (int k = 0; k < 2; ++k) power[k] += static_cast<double>(length2(s.mean[k][p]));
    }
    steps.values[i] = s.clear;
  }
  const Field dense = box_mean(steps, 2);
  // A mark adds edges; what comes of a wrong guess is put right where the frames are judged.
  const int with = power[1] >= power[0] ? 1 : 0;

  PassingPlace out;
  std::array<double, planes> all{};
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const std::size_t i = steps.index(x, y);
      const Sample& s = samples[i];
      EdgeSample edge{x + window_.x, y + window_.y, {}, s.mean[1 - with]};
      for (std::size_t p = 0; p < planes_; ++p) {
        edge.adds[p] = s.mean[with][p] - s.mean[1 - with][p];
        all[p] += static_cast<double>(length2(edge.adds[p]));
      }
      if (!s.clear || dense.values[i] < least_dense || !box_.contains(edge.x, edge.y)) continue;
      out.edges.push_back(edge);
    }
  if (out.edges.size() < least_edges) return std::nullopt;
  keep_strongest(out);
  for (const EdgeSample& e : out.edges) out.box = out.box.unite({e.x, e.y, 1, 1});
  for (std::size_t p = 0; p < planes_; ++p) out.pure_in[p] = all[p] > 0 ? out.power[p] / all[p] : 0;
  out.pure = out.pure_in[static_cast<std::size_t>(
      std::max_element(out.power.begin(), out.power.end()) - out.power.begin())];
  return out;
}

}  // namespace cleanplate
