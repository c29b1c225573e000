#include "detect/static_edges.h"

#include <algorithm>
#include <cmath>

#include "frame/reduced.h"

namespace cleanplate {

namespace {
constexpr int most_columns = 1440;
constexpr float scene_edge2 = 16;  // levels², a gradient that the scene has, if moved

/// Of a gradient over time, from its means and its mean power.
float deviation(float mean_x, float mean_y, float mean_power) {
  return std::sqrt(std::max(0.f, mean_power - mean_x * mean_x - mean_y * mean_y) / 2);
}

}  // namespace

bool scene_edge(const StaticEdges& edges, std::size_t i) {
  const float g = edges.strength.values[i], c = edges.change.values[i];
  return g * g + 2 * c * c > scene_edge2;
}

std::vector<float> all_edges(const StaticEdges& edges) {
  std::vector<float> out;
  for (std::size_t i = 0; i < edges.consistency.size(); ++i)
    if (scene_edge(edges, i)) out.push_back(edges.consistency.values[i]);
  std::sort(out.begin(), out.end());
  return out;
}

EdgeStatistics::EdgeStatistics(Size picture) {
  const int reduction = (std::max(picture.width, picture.height) + most_columns - 1) / most_columns;
  const int w = std::max(1, picture.width / reduction), h = std::max(1, picture.height / reduction);
  const auto of = [](int less, int width, int height) {
    const Field zero(width, height);
    return Gradients{less, zero, zero, zero, zero};
  };
  samples_ = of(reduction, w, h);
  areas_ = of(reduction * StaticEdges::area, w / StaticEdges::area, h / StaticEdges::area);
}

/// Nothing in the first row and column.
void EdgeStatistics::Gradients::add(const Frame& frame) {
  reduce(frame, 0, reduction, luma);
  const int w = luma.width, h = luma.height;
  for (int y = 1; y < h; ++y) {
    const float* above = &luma.values[luma.index(0, y - 1)];
    const float* here = above + w;
    float* to_x = &sum_x.values[sum_x.index(0, y)];
    float* to_y = &sum_y.values[sum_y.index(0, y)];
    float* to_power = &power.values[power.index(0, y)];
    for (int x = 1; x < w; ++x) {
      const float gx = here[x] - here[x - 1];
      const float gy = here[x] - above[x];
      to_x[x] += gx;
      to_y[x] += gy;
      to_power[x] += gx * gx + gy * gy;
    }
  }
}

void EdgeStatistics::add(const Frame& frame) {
  samples_.add(frame);
  areas_.add(frame);
  ++frames_;
}

StaticEdges EdgeStatistics::edges() const {
  const Gradients &s = samples_, &a = areas_;
  StaticEdges out{s.luma, s.luma, s.luma, s.reduction, a.luma};
  const float n = static_cast<float>(std::max(1, frames_));
  for (std::size_t i = 0; i < s.luma.size(); ++i) {
    const float mx = s.sum_x.values[i] / n, my = s.sum_y.values[i] / n;
    const float change = deviation(mx, my, s.power.values[i] / n);
    out.strength.values[i] = std::sqrt(mx * mx + my * my);
    out.change.values[i] = change;
    out.consistency.values[i] = out.strength.values[i] / (change + 1);
  }
  for (std::size_t i = 0; i < a.luma.size(); ++i)
    out.area_change.values[i] =
        deviation(a.sum_x.values[i] / n, a.sum_y.values[i] / n, a.power.values[i] / n);
  return out;
}

}  // namespace cleanplate
