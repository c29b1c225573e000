#include "inpaint/passing.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {
constexpr int round_hole = 4;  ///< places, how far the hole's surroundings go
constexpr float often = 4;     ///< times the usual difference,
constexpr float least = 2;     ///< and 8-bit code values more, are not usual
constexpr float chroma = 2;    ///< its differences count so much more than luma's

std::size_t at(int i) { return static_cast<std::size_t>(i); }
}  // namespace

PassingFinder::PassingFinder(PixelFormat format, const HoleMasks& holes)
    : format_(format),
      width_((holes[0].width + unit - 1) / unit),
      height_((holes[0].height + unit - 1) / unit),
      scale_(static_cast<float>(1 << (format.bits - 8))) {
  const HoleMask& hole = holes[0];
  known_.assign(at(width_ * height_), 1);
  for (int y = 0; y < hole.height; ++y)
    for (int x = 0; x < hole.width; ++x)
      if (hole.values[at(y * hole.width + x)]) known_[at(y / unit * width_ + x / unit)] = 0;
  std::vector<std::uint8_t> close(known_.size());
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x) {
      if (known_[at(y * width_ + x)]) continue;
      for (int v = std::max(0, y - round_hole); v <= std::min(height_ - 1, y + round_hole); ++v)
        for (int u = std::max(0, x - round_hole); u <= std::min(width_ - 1, x + round_hole); ++u)
          close[at(v * width_ + u)] = 1;
    }
  for (int p = 0; p < width_ * height_; ++p)
    if (close[at(p)] && known_[at(p)]) near_.push_back(p);
  seen_.resize(known_.size());
  count_.resize(known_.size());
  for (auto* v : {&off_, &spread_, &passing_, &restless_}) v->resize(known_.size());
}

void PassingFinder::picture(const Crop& crop, SmallPicture& out) const {
  for (int c = 0; c < format_.components(); ++c) {
    const CropPlane& p = crop.planes[at(c)];
    const int w = unit >> (c ? format_.chroma_shift_x() : 0);
    const int h = unit >> (c ? format_.chroma_shift_y() : 0);
    out[at(c)].resize(known_.size());
    for (int y = 0; y < height_; ++y)
      for (int x = 0; x < width_; ++x) {
        int sum = 0, count = 0;
        for (int v = y * h; v < std::min((y + 1) * h, p.height); ++v)
          for (int u = x * w; u < std::min((x + 1) * w, p.width); ++u)
            sum += p.samples[at(v * p.width + u)], ++count;
        out[at(c)][at(y * width_ + x)] =
            count ? static_cast<float>(sum) / (scale_ * static_cast<float>(count)) : 0;
      }
  }
}

/// The sizes of means over 3 × 3 places, so that what only ripples is no difference.
void PassingFinder::add_averaged(const std::vector<float>& v, float weight,
                                 std::vector<float>& to) const {
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x) {
      float sum = 0;
      int count = 0;
      for (int j = std::max(0, y - 1); j <= std::min(height_ - 1, y + 1); ++j)
        for (int i = std::max(0, x - 1); i <= std::min(width_ - 1, x + 1); ++i)
          sum += v[at(j * width_ + i)], ++count;
      to[at(y * width_ + x)] += weight * std::abs(sum) / static_cast<float>(count);
    }
}

/// From differences to 0 (as round the hole) … 1.
void PassingFinder::judge(std::vector<float>& v) {
  usual_.clear();
  for (const int p : near_) usual_.push_back(v[at(p)]);
  const auto half = usual_.begin() + static_cast<std::ptrdiff_t>(usual_.size() / 2);
  std::nth_element(usual_.begin(), half, usual_.end());
  const float limit = often * *half + least;
  for (float& d : v) d = std::clamp(2 * d / limit - 1, 0.F, 1.F);
}

void PassingFinder::find(const SmallPicture& middle, std::span<const TimeNeighbour> around) {
  std::fill(passing_.begin(), passing_.end(), 0.F);
  std::fill(restless_.begin(), restless_.end(), 0.F);
  if (near_.empty()) return;
  around = around.first(std::min(around.size(), most_frames - 1));
  for (std::size_t c = 0; c < 3; ++c) {
    if (middle[c].empty()) continue;
    for (std::size_t i = 0; i < seen_.size(); ++i) seen_[i][0] = middle[c][i], count_[i] = 1;
    for (const TimeNeighbour& other : around)
      for (int y = 0; y < height_; ++y)
        for (int x = 0; x < width_; ++x) {
          constexpr double to = unit, off = .5 * unit - .5;  // the place's middle, luma samples
          const double lx = to * x + off, ly = to * y + off;
          const auto px = static_cast<float>((other.motion.x(lx, ly) - off) / to);
          const auto py = static_cast<float>((other.motion.y(lx, ly) - off) / to);
          if (!(px >= 0 && py >= 0 && px < static_cast<float>(width_ - 1) &&
                py < static_cast<float>(height_ - 1)))
            continue;
          const int u = static_cast<int>(px), v = static_cast<int>(py), q = v * width_ + u;
          if (!known_[at(q)] || !known_[at(q + 1)] || !known_[at(q + width_)] ||
              !known_[at(q + width_ + 1)])
            continue;
          const float fx = px - static_cast<float>(u), fy = py - static_cast<float>(v);
          const float* there = &(*other.picture)[c][at(q)];
          const float top = there[0] + fx * (there[1] - there[0]);
          const float low = there[width_] + fx * (there[width_ + 1] - there[width_]);
          const int p = y * width_ + x;
          seen_[at(p)][count_[at(p)]++] = top + fy * (low - top);
        }
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      auto& v = seen_[i];
      const auto n = static_cast<std::ptrdiff_t>(count_[i]);
      std::nth_element(v.begin(), v.begin() + n / 2, v.begin() + n);
      const float median = v[at(count_[i] / 2)];
      float sum = 0;
      for (std::size_t k = 0; k < count_[i]; ++k) sum += std::abs(v[k] - median);
      off_[i] = known_[i] ? middle[c][i] - median : 0;
      spread_[i] = known_[i] ? sum / static_cast<float>(n) : 0;
    }
    add_averaged(off_, c ? chroma : 1, passing_);
    add_averaged(spread_, c ? chroma : 1, restless_);
  }
  judge(passing_);
  judge(restless_);
}

}  // namespace cleanplate
