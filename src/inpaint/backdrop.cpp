#include "inpaint/backdrop.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cleanplate {

namespace {
constexpr std::size_t most_frames = 7;  ///< whose median is taken

std::size_t at(int i) { return static_cast<std::size_t>(i); }

using Sight = std::array<float, 4>;

float read(const std::vector<float>& v, int q, int width, float fx, float fy) {
  const float top = v[at(q)] + fx * (v[at(q + 1)] - v[at(q)]);
  const float low = v[at(q + width)] + fx * (v[at(q + width + 1)] - v[at(q + width)]);
  return top + fy * (low - top);
}
}  // namespace

BackdropFinder::BackdropFinder(PixelFormat format, const HoleMasks& holes)
    : format_(format),
      width_((holes[0].width + 1) / 2),
      height_((holes[0].height + 1) / 2),
      scale_(static_cast<float>(1 << (format.bits - 8))) {
  const HoleMask& hole = holes[0];
  known_.assign(at(width_ * height_), 1);
  for (int y = 0; y < hole.height; ++y)
    for (int x = 0; x < hole.width; ++x)
      if (hole.values[at(y * hole.width + x)]) known_[at(y / 2 * width_ + x / 2)] = 0;
}

void BackdropFinder::halve(const Crop& crop, Backdrop& half) const {
  const CropPlane& luma = crop.planes[0];
  const int w = luma.width, h = luma.height;
  const auto* s = luma.samples.data();
  const float unit = .25F / scale_;
  half[0].resize(known_.size());
  half[1].resize(known_.size());
  // Off the mean of the four beside it, four times.
  const auto off = [&](int x, int y) {
    const int l = std::max(x - 1, 0), r = std::min(x + 1, w - 1);
    const int t = std::max(y - 1, 0), b = std::min(y + 1, h - 1);
    return std::abs(4 * s[y * w + x] - s[y * w + l] - s[y * w + r] - s[t * w + x] - s[b * w + x]);
  };
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x) {
      const int i = 2 * x, j = 2 * y, u = std::min(i + 1, w - 1), v = std::min(j + 1, h - 1);
      half[0][at(y * width_ + x)] =
          unit * static_cast<float>(s[j * w + i] + s[j * w + u] + s[v * w + i] + s[v * w + u]);
      half[1][at(y * width_ + x)] =
          .25F * unit * static_cast<float>(off(i, j) + off(u, j) + off(i, v) + off(u, v));
    }
  for (int c = 1; c < format_.components(); ++c) {
    const CropPlane& p = crop.planes[at(c)];
    std::vector<float>& out = half[at(c + 1)];
    out.resize(known_.size());
    const int sx = format_.chroma_shift_x(), sy = format_.chroma_shift_y();
    for (int y = 0; y < height_; ++y)
      for (int x = 0; x < width_; ++x) {
        const int i = std::min(2 * x >> sx, p.width - 1), j = std::min(2 * y >> sy, p.height - 1);
        const int u = std::min((2 * x + 1) >> sx, p.width - 1);
        const int v = std::min((2 * y + 1) >> sy, p.height - 1);
        const auto* q = p.samples.data();
        out[at(y * width_ + x)] =
            unit * static_cast<float>(q[j * p.width + i] + q[j * p.width + u] + q[v * p.width + i] +
                                      q[v * p.width + u]);
      }
  }
}

/// Places of both frames that show the scene: use(place, the other's place, and parts of it).
template <class Use>
void BackdropFinder::over_common(const Motion& motion, Use&& use) const {
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x) {
      if (!known_[at(y * width_ + x)]) continue;
      const double lx = 2 * x + .5, ly = 2 * y + .5;
      const auto px = static_cast<float>(.5 * motion.x(lx, ly) - .25);
      const auto py = static_cast<float>(.5 * motion.y(lx, ly) - .25);
      if (!(px >= 0 && py >= 0 && px < static_cast<float>(width_ - 1) &&
            py < static_cast<float>(height_ - 1)))
        continue;
      const int u = static_cast<int>(px), v = static_cast<int>(py), q = v * width_ + u;
      if (known_[at(q)] && known_[at(q + 1)] && known_[at(q + width_)] &&
          known_[at(q + width_ + 1)])
        use(y * width_ + x, q, px - static_cast<float>(u), py - static_cast<float>(v));
    }
}

Backdrop BackdropFinder::find(std::span<const Neighbour> around) {
  const std::size_t frames = std::min(around.size(), most_frames);
  Backdrop out;
  halve(*around.front().filled, out);
  std::vector<std::array<Sight, most_frames>> seen(known_.size());
  std::vector<std::uint8_t> count(known_.size());
  for (const Neighbour& other : around.first(frames).subspan(1)) {
    halve(*other.seen, there_);
    over_common(other.motion, [&](int p, int q, float fx, float fy) {
      Sight& sight = seen[at(p)][count[at(p)]++];
      for (std::size_t c = 0; c < out.size(); ++c)
        if (!out[c].empty()) sight[c] = read(there_[c], q, width_, fx, fy);
    });
  }
  std::vector<float> values;
  for (std::size_t i = 0; i < seen.size(); ++i)
    for (std::size_t c = 0; c < out.size() && count[i]; ++c) {
      if (out[c].empty()) continue;
      const std::size_t n = count[i] + 1U;
      values.assign(1, out[c][i]);
      for (std::size_t k = 1; k < n; ++k) values.push_back(seen[i][k - 1][c]);
      std::sort(values.begin(), values.end());
      out[c][i] = .5F * (values[(n - 1) / 2] + values[n / 2]);
    }
  return out;
}

}  // namespace cleanplate
