#include "inpaint/error_map.h"

#include <algorithm>
#include <cmath>

#include "inpaint/gather_pixel.h"

namespace cleanplate {

namespace {
constexpr int near = 32;           ///< luma samples round the hole that are compared
constexpr int probe_step = 3;      ///< luma samples from one comparison to the next
constexpr float most_error = 900;  ///< squared difference above which it no longer counts more

std::size_t at(int i) { return static_cast<std::size_t>(i); }

float bilinear(const CropPlane& p, int q, float fx, float fy) {
  const std::uint16_t* s = &p.samples[at(q)];
  const float top = static_cast<float>(s[0]) + fx * (static_cast<float>(s[1]) - s[0]);
  const float low =
      static_cast<float>(s[p.width]) + fx * (static_cast<float>(s[p.width + 1]) - s[p.width]);
  return top + fy * (low - top);
}
}  // namespace

ErrorMap::ErrorMap(const HoleMask& luma, const std::vector<std::uint8_t>& shown, float scale)
    : scale_(scale),
      wide_((luma.width + error_cell - 1) / error_cell),
      high_((luma.height + error_cell - 1) / error_cell) {
  const auto n = at(wide_ * high_);
  sum_.resize(n);
  weight_.resize(n);
  sums_.resize(4 * n);
  row_sums_.resize(n);
  // The hole's box, grown: nothing further away is compared.
  int l = luma.width, t = luma.height, r = -1, b = -1;
  for (int y = 0; y < luma.height; ++y)
    for (int x = 0; x < luma.width; ++x)
      if (luma.values[at(y * luma.width + x)])
        l = std::min(l, x), r = std::max(r, x), t = std::min(t, y), b = y;
  for (int y = std::max(1, t - near); y <= std::min(luma.height - 2, b + near); y += probe_step)
    for (int x = std::max(1, l - near); x <= std::min(luma.width - 2, r + near); x += probe_step)
      if (const int i = y * luma.width + x; shown[at(i)]) {
        probes_.push_back(i);
        probe_cells_.push_back(y / error_cell * wide_ + x / error_cell);
      }
}

void ErrorMap::begin() {
  std::fill(sum_.begin(), sum_.end(), 0.F);
  std::fill(weight_.begin(), weight_.end(), 0.F);
}

void ErrorMap::add(std::size_t probe, float square) {
  sum_[at(probe_cells_[probe])] += square;
  weight_[at(probe_cells_[probe])] += 1;
}

void ErrorMap::of_roughness(const CropPlane& here, std::span<float> map) {
  begin();
  const float unit = .5F / scale_;
  for (std::size_t i = 0; i < probes_.size(); ++i) {
    const std::uint16_t* s = &here.samples[at(probes_[i])];
    const float gx = unit * (static_cast<float>(s[1]) - s[-1]);
    const float gy = unit * (static_cast<float>(s[here.width]) - s[-here.width]);
    add(i, gx * gx + gy * gy);
  }
  spread(map);
}

void ErrorMap::of_difference(const CropPlane& here, const CropPlane& there, const Motion& motion,
                             const std::vector<std::uint8_t>& shown, std::span<float> map) {
  begin();
  differences_.clear();
  const int w = here.width, h = here.height;
  const float unit = 1 / scale_;
  for (std::size_t i = 0; i < probes_.size(); ++i) {
    const int x = probes_[i] % w, y = probes_[i] / w;
    const auto qx = static_cast<float>(motion.x(x, y));
    const auto qy = static_cast<float>(motion.y(x, y));
    if (!(qx >= 0 && qy >= 0) || !(qx < static_cast<float>(w - 1)) ||
        !(qy < static_cast<float>(h - 1)))
      continue;
    const int u = static_cast<int>(qx), v = static_cast<int>(qy), q = v * w + u;
    if (!shown[at(q)] || !shown[at(q + w + 1)]) continue;
    const float d =
        unit * (bilinear(there, q, qx - static_cast<float>(u), qy - static_cast<float>(v)) -
                static_cast<float>(here.samples[at(probes_[i])]));
    differences_.push_back(std::abs(d));
    add(i, std::min(d * d, most_error));
  }
  spread(map);
}

float ErrorMap::median_difference() {
  if (differences_.empty()) return -1;
  const auto half = differences_.begin() + static_cast<std::ptrdiff_t>(differences_.size() / 2);
  std::nth_element(differences_.begin(), half, differences_.end());
  return *half * scale_;
}

/// Sums over 3×3 cells decide, over 9×9 where those are empty, over all beyond.
void ErrorMap::spread(std::span<float> map) {
  const int w = wide_, h = high_;
  const auto n = at(w * h);
  // Sums of 2·reach+1 cells, along rows, then along columns.
  const auto box = [&](const std::vector<float>& from, float* to, int reach) {
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        float s = 0;
        for (int u = std::max(0, x - reach); u <= std::min(w - 1, x + reach); ++u)
          s += from[at(y * w + u)];
        row_sums_[at(y * w + x)] = s;
      }
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        float s = 0;
        for (int v = std::max(0, y - reach); v <= std::min(h - 1, y + reach); ++v)
          s += row_sums_[at(v * w + x)];
        to[y * w + x] = s;
      }
  };
  box(sum_, &sums_[0], 1);
  box(weight_, &sums_[n], 1);
  box(sum_, &sums_[2 * n], 4);
  box(weight_, &sums_[3 * n], 4);
  float sum = 0, weight = 0;
  for (std::size_t i = 0; i < n; ++i) sum += sum_[i], weight += weight_[i];
  const float all = weight > 0 ? sum / weight : most_error;
  for (std::size_t i = 0; i < n; ++i)
    map[i] = (sums_[i] + .05F * sums_[2 * n + i] + .01F * all) /
             (sums_[n + i] + .05F * sums_[3 * n + i] + .01F);
}

}  // namespace cleanplate
