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
}  // namespace

std::vector<Paint> find_paints(const std::array<Field, 3>& contrast, const Field& support,
                               float tolerance, int most, double least_share) {
  std::vector<std::size_t> left = even_samples(contrast, support, tolerance);
  if (left.size() < 12) {  // thin strokes have no even places: take the strongest samples instead
    std::vector<float> strong;
    for (std::size_t i = 0; i < support.size(); ++i)
      if (support.values[i] > 0) strong.push_back(distance2(at(contrast, i), {}));
    const float limit = quantile(strong, .8);
    left.clear();
    for (std::size_t i = 0; i < support.size(); ++i)
      if (support.values[i] > 0 && distance2(at(contrast, i), {}) >= limit) left.push_back(i);
  }
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
  return paints;
}

Mix nearest_mix(const Contrast& seen, const std::vector<Contrast>& paints, float tolerance) {
  Mix best;
  float least = distance2(seen, {});
  best.distance = least;
  const auto consider = [&](int i, int j, const Contrast& a, const Contrast& b, float handicap) {
    float dot = 0, length = 0;
    for (std::size_t c = 0; c < 3; ++c)
      dot += (seen[c] - a[c]) * (b[c] - a[c]), length += (b[c] - a[c]) * (b[c] - a[c]);
    const float share = length > 0 ? std::clamp(dot / length, 0.f, 1.f) : 0.f;
    Contrast on{};
    for (std::size_t c = 0; c < 3; ++c) on[c] = a[c] + share * (b[c] - a[c]);
    const float d = distance2(seen, on) + handicap;
    if (d < least) least = d, best = {i, j, share, d};
  };
  for (std::size_t k = 0; k < paints.size(); ++k)
    consider(-1, static_cast<int>(k), {}, paints[k], 0);
  // Two paints must do clearly better than one and none.
  for (std::size_t j = 0; j < paints.size(); ++j)
    for (std::size_t k = j + 1; k < paints.size(); ++k)
      consider(static_cast<int>(j), static_cast<int>(k), paints[j], paints[k],
               .5f * tolerance * tolerance);
  for (std::size_t k = 0; k < paints.size(); ++k)
    if (distance2(seen, paints[k]) < tolerance * tolerance &&
        (best.distance > .25f * distance2(seen, paints[k]) || best.share > .9f)) {
      best = {-1, static_cast<int>(k), 1.f, distance2(seen, paints[k])};
      break;
    }
  best.distance = std::sqrt(best.distance);
  return best;
}

}  // namespace cleanplate
