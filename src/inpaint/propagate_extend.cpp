#include "inpaint/propagate_extend.h"

#include <algorithm>
#include <cstddef>

namespace cleanplate {

namespace {
std::size_t at(int i) { return static_cast<std::size_t>(i); }
}  // namespace

Extender::Extender(int width, int height) : width_(width), height_(height) {
  while (width > 1 || height > 1) {
    width = (width + 1) / 2;
    height = (height + 1) / 2;
    const auto n = at(width * height);
    levels_.push_back({width, height, std::vector<float>(n), std::vector<float>(n)});
  }
}

void Extender::run(std::span<float> value, std::span<const float> weight) {
  const float* v = value.data();
  const float* w = weight.data();
  int fw = width_, fh = height_;
  for (Level& l : levels_) {
    for (int y = 0; y < l.height; ++y)
      for (int x = 0; x < l.width; ++x) {
        float sum = 0, total = 0;
        for (int j = 2 * y; j < std::min(2 * y + 2, fh); ++j)
          for (int i = 2 * x; i < std::min(2 * x + 2, fw); ++i) {
            sum += w[j * fw + i] * v[j * fw + i];
            total += w[j * fw + i];
          }
        l.value[at(y * l.width + x)] = total > 0 ? sum / total : 0;
        l.weight[at(y * l.width + x)] = std::min(1.F, total);
      }
    v = l.value.data();
    w = l.weight.data();
    fw = l.width;
    fh = l.height;
  }
  // Down again: a coarse sample gives 9/16 to its four, its neighbours on their side the rest.
  for (std::size_t k = levels_.size(); k-- > 0;) {
    const Level& coarse = levels_[k];
    const int width = k ? levels_[k - 1].width : width_;
    const int height = k ? levels_[k - 1].height : height_;
    float* fine = k ? levels_[k - 1].value.data() : value.data();
    const float* own = k ? levels_[k - 1].weight.data() : weight.data();
    for (int y = 0; y < height; ++y) {
      const int cy = y / 2, ny = std::clamp(cy + (y & 1 ? 1 : -1), 0, coarse.height - 1);
      const float* near_row = &coarse.value[at(cy * coarse.width)];
      const float* far_row = &coarse.value[at(ny * coarse.width)];
      for (int x = 0; x < width; ++x) {
        const float keep = own[y * width + x];
        if (keep >= 1) continue;
        const int cx = x / 2, nx = std::clamp(cx + (x & 1 ? 1 : -1), 0, coarse.width - 1);
        const float smooth =
            (9 * near_row[cx] + 3 * (near_row[nx] + far_row[cx]) + far_row[nx]) * (1 / 16.F);
        float& f = fine[y * width + x];
        f = smooth + keep * (f - smooth);
      }
    }
  }
}

}  // namespace cleanplate
