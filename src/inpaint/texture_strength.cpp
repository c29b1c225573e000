#include "inpaint/texture_strength.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {
constexpr int reach = 4;               ///< of the window whose mean is taken off
constexpr int near = 40;               ///< samples round the hole that are looked at
constexpr std::size_t few = 12;        ///< places of a square that make a median
constexpr std::size_t rank = 35;       ///< percentile that is taken: an edge touches more than half
constexpr float deviations = 2.2037F;  ///< of a normal's absolute 35th percentile

std::size_t index_of(int i) { return static_cast<std::size_t>(i); }
}  // namespace

TextureStrength::TextureStrength(const HoleMask& hole, int cell)
    : width_(hole.width), height_(hole.height), cell_(cell) {
  const int w = width_, h = height_;
  cells_wide_ = (w + cell - 1) / cell;
  cells_high_ = (h + cell - 1) / cell;
  value_.resize(index_of(cells_wide_ * cells_high_));
  weight_.resize(value_.size());
  sums_.resize(index_of((w + 1) * (h + 1)));
  extender_ = Extender(cells_wide_, cells_high_);
  std::vector<int> holes(sums_.size());
  int l = w, t = h, r = -1, b = -1;
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      const int in = hole.values[index_of(y * w + x)] != 0;
      if (in) l = std::min(l, x), r = std::max(r, x), t = std::min(t, y), b = y;
      holes[index_of((y + 1) * (w + 1) + x + 1)] = in + holes[index_of(y * (w + 1) + x + 1)] +
                                                   holes[index_of((y + 1) * (w + 1) + x)] -
                                                   holes[index_of(y * (w + 1) + x)];
    }
  // Square by square, every other sample of every other row.
  for (int v = 0; v < cells_high_; ++v)
    for (int u = 0; u < cells_wide_; ++u)
      for (int y = v * cell; y < std::min((v + 1) * cell, h - reach); y += 2)
        for (int x = u * cell + (y / 2 & 1); x < std::min((u + 1) * cell, w - reach); x += 2) {
          if (x < reach || y < reach || x < l - near || x > r + near || y < t - near ||
              y > b + near)
            continue;
          const auto* up = &holes[index_of((y - reach) * (w + 1) + x)];
          const auto* down = &holes[index_of((y + reach + 1) * (w + 1) + x)];
          if (down[reach + 1] - down[-reach] - up[reach + 1] + up[-reach]) continue;
          probes_.push_back(y * w + x);
          probe_cells_.push_back(v * cells_wide_ + u);
        }
}

float TextureStrength::measure(const CropPlane& plane) {
  const int w = width_, s = w + 1;
  for (int y = 0; y < height_; ++y) {
    std::uint32_t row = 0;
    for (int x = 0; x < w; ++x) {
      row += plane.samples[index_of(y * w + x)];
      sums_[index_of((y + 1) * s + x + 1)] = row + sums_[index_of(y * s + x + 1)];
    }
  }
  std::fill(value_.begin(), value_.end(), 0.F);
  std::fill(weight_.begin(), weight_.end(), 0.F);
  float most = 0;
  for (std::size_t i = 0; i < probes_.size();) {
    const int cell = probe_cells_[i];
    seen_.clear();
    for (; i < probes_.size() && probe_cells_[i] == cell; ++i) {
      const int x = probes_[i] % w, y = probes_[i] / w;
      const auto* up = &sums_[index_of((y - reach) * s + x)];
      const auto* down = &sums_[index_of((y + reach + 1) * s + x)];
      // Unsigned: a sum that has gone round comes back in the difference.
      const std::uint32_t sum = down[reach + 1] - down[-reach] - up[reach + 1] + up[-reach];
      constexpr float share = 1.F / ((2 * reach + 1) * (2 * reach + 1));
      seen_.push_back(std::abs(static_cast<float>(plane.samples[index_of(probes_[i])]) -
                               share * static_cast<float>(sum)));
    }
    if (seen_.size() < few) continue;
    const auto middle = seen_.begin() + static_cast<std::ptrdiff_t>(seen_.size() * rank / 100);
    std::nth_element(seen_.begin(), middle, seen_.end());
    value_[index_of(cell)] = deviations * *middle;
    weight_[index_of(cell)] = 1;
    most = std::max(most, value_[index_of(cell)]);
  }
  if (most > 0) extender_.run(value_, weight_);
  return most;
}

float TextureStrength::at(int x, int y) const {
  const auto c = static_cast<float>(cell_);
  const float cx =
      std::clamp((static_cast<float>(x) + .5F) / c - .5F, 0.F, static_cast<float>(cells_wide_ - 1));
  const float cy =
      std::clamp((static_cast<float>(y) + .5F) / c - .5F, 0.F, static_cast<float>(cells_high_ - 1));
  const int u = static_cast<int>(cx), v = static_cast<int>(cy);
  const int right = u + 1 < cells_wide_ ? 1 : 0, down = v + 1 < cells_high_ ? cells_wide_ : 0;
  const float fx = cx - static_cast<float>(u), fy = cy - static_cast<float>(v);
  const float* m = &value_[index_of(v * cells_wide_ + u)];
  const float top = m[0] + fx * (m[right] - m[0]);
  const float low = m[down] + fx * (m[down + right] - m[down]);
  return top + fy * (low - top);
}

}  // namespace cleanplate
