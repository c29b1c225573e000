#include "detect/letterbox.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace cleanplate {

namespace {
constexpr float grey = 114.f / 255;

/// Source samples that one result is made of, with weights that sum to 1.
struct Taps {
  int first = 0;
  std::vector<float> weights;
};

std::vector<Taps> taps_for(int from, int to) {
  std::vector<Taps> all(static_cast<std::size_t>(to));
  const double step = static_cast<double>(from) / to;
  for (int i = 0; i < to; ++i) {
    Taps& t = all[static_cast<std::size_t>(i)];
    if (step > 1) {  // the samples under it, cut ones in part
      const double begin = i * step, end = std::min<double>(from, begin + step);
      t.first = std::min(from - 1, static_cast<int>(begin));
      for (int s = t.first; s < end; ++s)
        t.weights.push_back(static_cast<float>(
            (std::min<double>(end, s + 1) - std::max<double>(begin, s)) / (end - begin)));
    } else {
      const double at = std::clamp((i + .5) * step - .5, 0., from - 1.);
      t.first = std::min(static_cast<int>(at), std::max(0, from - 2));
      const auto part = static_cast<float>(at - t.first);
      t.weights = from > 1 ? std::vector<float>{1 - part, part} : std::vector<float>{1};
    }
  }
  return all;
}
}  // namespace

Letterbox letterbox(Size picture, int side) {
  Letterbox l;
  l.side = side;
  l.scale = std::min(static_cast<double>(side) / picture.width,
                     static_cast<double>(side) / picture.height);
  l.width = std::clamp(static_cast<int>(std::lround(picture.width * l.scale)), 1, side);
  l.height = std::clamp(static_cast<int>(std::lround(picture.height * l.scale)), 1, side);
  l.left = (side - l.width) / 2;
  l.top = (side - l.height) / 2;
  return l;
}

void fill_letterbox(const Picture& rgb, const Letterbox& into, float* planes) {
  const auto side = static_cast<std::size_t>(into.side), plane = side * side;
  std::fill(planes, planes + 3 * plane, grey);
  const std::vector<Taps> across = taps_for(rgb.size.width, into.width),
                          down = taps_for(rgb.size.height, into.height);
  std::vector<float> row(static_cast<std::size_t>(rgb.size.width) * 3);
  for (int y = 0; y < into.height; ++y) {
    const Taps& v = down[static_cast<std::size_t>(y)];
    std::fill(row.begin(), row.end(), 0.f);
    for (std::size_t i = 0; i < v.weights.size(); ++i) {
      const auto* from = rgb.at(0, std::min(v.first + static_cast<int>(i), rgb.size.height - 1));
      for (std::size_t x = 0; x < row.size(); ++x)
        row[x] += v.weights[i] / 255 * static_cast<float>(from[x]);
    }
    float* to = planes + static_cast<std::size_t>(y + into.top) * side +
                static_cast<std::size_t>(into.left);
    for (std::size_t x = 0; x < across.size(); ++x) {
      const Taps& h = across[x];
      float sum[3] = {0, 0, 0};
      for (std::size_t i = 0; i < h.weights.size(); ++i)
        for (std::size_t k = 0; k < 3; ++k)
          sum[k] += h.weights[i] * row[(static_cast<std::size_t>(h.first) + i) * 3 + k];
      for (std::size_t k = 0; k < 3; ++k) to[k * plane + x] = sum[k];
    }
  }
}

}  // namespace cleanplate
