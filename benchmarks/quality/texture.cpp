#include "texture.h"

#include <algorithm>
#include <cmath>

#include "case.h"

namespace quality {

namespace {
constexpr int reach = 2;            // of a window: 5 × 5
constexpr int near = 3, far = 16;   // the ring, luma samples off the support
constexpr int least_in_window = 9;  // samples of one kind that make a variance
constexpr std::size_t least_windows = 32;
constexpr std::array<double, 7> bounds{.5, 1.5, 2.5, 4.5, 8.5, 16.5, 32.5};  // levels

enum class Part : std::uint8_t { neither, place, ring };

/// What each sample of the luma patch is.
std::vector<Part> parts_of(const Patch& patch, const demo::Layer& layer) {
  const int w = patch.width, h = patch.height;
  std::vector<int> off(static_cast<std::size_t>(w * h), far + 1);
  const auto at = [w](int x, int y) { return static_cast<std::size_t>(y * w + x); };
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x)
      if (layer.alpha_at(patch.x + x, patch.y + y) > support_alpha) off[at(x, y)] = 0;
  // The greater of the two distances along the axes, row by row, then column by column.
  std::vector<int> rows = off;
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x)
      for (int u = std::max(0, x - far); u <= std::min(w - 1, x + far); ++u)
        if (off[at(u, y)] == 0) rows[at(x, y)] = std::min(rows[at(x, y)], std::abs(u - x));
  std::vector<Part> parts(off.size(), Part::neither);
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      int least = far + 1;
      for (int v = std::max(0, y - far); v <= std::min(h - 1, y + far); ++v)
        least = std::min(least, std::max(rows[at(x, v)], std::abs(v - y)));
      if (least == 0)
        parts[at(x, y)] = Part::place;
      else if (least >= near && least <= far)
        parts[at(x, y)] = Part::ring;
    }
  return parts;
}

TextureLook look(const Patch& patch, const std::vector<Part>& parts, Part part, double unit) {
  const int w = patch.width, h = patch.height;
  const auto is = [&](int x, int y) {
    return x < w && y < h && parts[static_cast<std::size_t>(y * w + x)] == part;
  };
  const auto value = [&](int x, int y) {
    return unit * patch.samples[static_cast<std::size_t>(y * w + x)];
  };
  TextureLook result;
  std::size_t windows = 0;
  double differences = 0;
  const auto count = [&](double difference) {
    const auto bin = std::upper_bound(bounds.begin(), bounds.end(), std::fabs(difference));
    result.gradients[static_cast<std::size_t>(bin - bounds.begin())] += 1;
    differences += 1;
  };
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      if (!is(x, y)) continue;
      if (is(x + 1, y)) count(value(x + 1, y) - value(x, y));
      if (is(x, y + 1)) count(value(x, y + 1) - value(x, y));
      double sum = 0, squares = 0;
      int n = 0;
      for (int v = std::max(0, y - reach); v <= std::min(h - 1, y + reach); ++v)
        for (int u = std::max(0, x - reach); u <= std::min(w - 1, x + reach); ++u)
          if (is(u, v)) sum += value(u, v), squares += value(u, v) * value(u, v), ++n;
      if (n < least_in_window) continue;
      result.variance += (squares - sum * sum / n) / (n - 1);
      ++windows;
    }
  if (windows < least_windows) return {};
  result.variance /= static_cast<double>(windows);
  for (double& share : result.gradients) share /= differences;
  result.known = true;
  return result;
}

TextureLooks looks_of(const Patch& patch, const std::vector<Part>& parts, double unit) {
  return {look(patch, parts, Part::place, unit), look(patch, parts, Part::ring, unit)};
}

/// The earth mover's distance of two histograms, in bins.
double distance(const TextureLook& a, const TextureLook& b) {
  double sum = 0, moved = 0;
  for (std::size_t i = 0; i < a.gradients.size(); ++i) {
    moved += a.gradients[i] - b.gradients[i];
    sum += std::fabs(moved);
  }
  return sum;
}
}  // namespace

TextureLooks texture(const Crop& output, const demo::Overlay& truth) {
  return looks_of(output[0], parts_of(output[0], truth.layers[0]), std::ldexp(1., 8 - truth.bits));
}

void TextureScorer::add(const Crop& output, const demo::Overlay& truth) {
  const Patch& now = output[0];
  const auto parts = parts_of(now, truth.layers[0]);
  const double unit = std::ldexp(1., 8 - truth.bits);
  const TextureLooks looks = looks_of(now, parts, unit);
  if (looks.place.known && looks.ring.known) {
    sums_.variance += std::fabs(std::log((looks.place.variance + 1) / (looks.ring.variance + 1)));
    sums_.gradients += distance(looks.place, looks.ring);
    ++looks_;
  }
  if (before_[0].samples.size() == now.samples.size()) {
    std::array<double, 3> sum{}, count{};
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto part = static_cast<std::size_t>(parts[i]);
      sum[part] += unit * std::abs(now.samples[i] - before_[0].samples[i]);
      count[part] += 1;
    }
    constexpr auto place = static_cast<std::size_t>(Part::place);
    constexpr auto ring = static_cast<std::size_t>(Part::ring);
    if (count[place] > 0 && count[ring] > 0) {
      sums_.place_change += sum[place] / count[place];
      sums_.ring_change += sum[ring] / count[ring];
      ++changes_;
    }
  }
  before_ = output;
}

TextureScore TextureScorer::score() const {
  TextureScore result = sums_;
  for (double* v : {&result.variance, &result.gradients}) *v = looks_ ? *v / looks_ : 0;
  for (double* v : {&result.place_change, &result.ring_change}) *v = changes_ ? *v / changes_ : 0;
  return result;
}

}  // namespace quality
