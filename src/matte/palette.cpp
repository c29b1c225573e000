#include "matte/palette.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {
float distance2(const Contrast& a, const Contrast& b) {
  float sum = 0;
  for (std::size_t c = 0; c < 3; ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

Contrast at(const std::array<Field, 3>& contrast, std::size_t i) {
  return {contrast[0].values[i], contrast[1].values[i], contrast[2].values[i]};
}

/// Samples whose neighbours look the same: inside a paint, not on an edge.
std::vector<std::size_t> even_samples(const std::array<Field, 3>& contrast, const Field& support,
                                      float tolerance) {
  std::vector<std::size_t> even;
  for (int y = 1; y + 1 < support.height; ++y)
    for (int x = 1; x + 1 < support.width; ++x) {
      if (support.at(x, y) <= 0) continue;
      float worst = 0;
      const Contrast here = at(contrast, support.index(x, y));
      for (int k = 0; k < 4; ++k) {
        const auto other = support.index(x + (k == 0) - (k == 1), y + (k == 2) - (k == 3));
        worst = std::max(worst, distance2(here, at(contrast, other)));
      }
      if (worst < tolerance * tolerance) even.push_back(support.index(x, y));
    }
  return even;
}
/// Squared distance to what `paint` becomes where it covers a sample in part.
float distance2_to_mix(const Contrast& seen, const Contrast& paint) {
  float dot = 0, length = 0;
  for (std::size_t c = 0; c < 3; ++c) dot += seen[c] * paint[c], length += paint[c] * paint[c];
  const float share = length > 0 ? std::clamp(dot / length, 0.f, 1.f) : 0.f;
  return distance2(seen, {share * paint[0], share * paint[1], share * paint[2]});
}

/// The strongest of what no paint explains, even mixed with none: thin strokes have no even places.
bool add_stroke_paint(const std::array<Field, 3>& contrast, const Field& support, float tolerance,
                      std::vector<Paint>& paints) {
  std::vector<std::size_t> rest;
  std::vector<float> strength;
  std::size_t all = 0;
  for (std::size_t i = 0; i < support.size(); ++i) {
    if (support.values[i] <= 0) continue;
    ++all;
    const Contrast here = at(contrast, i);
    if (std::any_of(paints.begin(), paints.end(), [&](const Paint& p) {
          return distance2_to_mix(here, p.contrast) < tolerance * tolerance;
        }))
      continue;
    rest.push_back(i);
    strength.push_back(distance2(here, {}));
  }
  if (rest.size() < std::max<std::size_t>(12, all / 8)) return false;
  const float limit = quantile(strength, .8);
  Paint paint;
  for (std::size_t k = 0; k < rest.size(); ++k)
    if (strength[k] >= limit) paint.core.push_back(rest[k]);
  for (std::size_t c = 0; c < 3; ++c) {
    std::vector<float> values;
    for (std::size_t i : paint.core) values.push_back(contrast[c].values[i]);
    paint.contrast[c] = quantile(std::move(values), .5);
  }
  if (distance2(paint.contrast, {}) < tolerance * tolerance) return false;
  paints.push_back(std::move(paint));
  return true;
}
}  // namespace

std::vector<Paint> find_paints(const std::array<Field, 3>& contrast, const Field& support,
                               float tolerance, int most, double least_share) {
  std::vector<std::size_t> left = even_samples(contrast, support, tolerance);
  const auto least = std::max<std::size_t>(
      6, static_cast<std::size_t>(least_share * static_cast<double>(left.size())));
  std::vector<Paint> paints;
  while (static_cast<int>(paints.size()) < most && left.size() >= least) {
    // The densest of a fixed sample of places, then its mean.
    const std::size_t stride = std::max<std::size_t>(1, left.size() / 400);
    std::size_t best_count = 0;
    Contrast best{};
    for (std::size_t s = 0; s < left.size(); s += stride) {
      const Contrast centre = at(contrast, left[s]);
      std::size_t count = 0;
      for (std::size_t k = 0; k < left.size(); k += stride)
        count += distance2(centre, at(contrast, left[k])) < tolerance * tolerance;
      if (count > best_count) best_count = count, best = centre;
    }
    if (best_count * stride < least) break;
    Paint paint;
    for (int pass = 0; pass < 3; ++pass) {
      Contrast sum{};
      paint.core.clear();
      for (std::size_t i : left)
        if (distance2(best, at(contrast, i)) < tolerance * tolerance) {
          paint.core.push_back(i);
          for (std::size_t c = 0; c < 3; ++c) sum[c] += at(contrast, i)[c];
        }
      if (paint.core.empty()) break;
      for (std::size_t c = 0; c < 3; ++c) best[c] = sum[c] / static_cast<float>(paint.core.size());
    }
    paint.contrast = best;
    std::erase_if(left, [&](std::size_t i) {
      return distance2(best, at(contrast, i)) < 2.25f * tolerance * tolerance;
    });
    if (paint.core.size() >= least && distance2(best, {}) > tolerance * tolerance)
      paints.push_back(std::move(paint));
  }
  for (int k = 0; k < 2 && static_cast<int>(paints.size()) < most; ++k)
    if (!add_stroke_paint(contrast, support, tolerance, paints)) break;
  return paints;
}

}  // namespace cleanplate
