#include "detect/static_edges.h"

#include <algorithm>
#include <cmath>

#include "frame/reduced.h"

namespace cleanplate {

namespace {
constexpr int most_columns = 1440;

/// Adds a picture's gradients, and their power, to the sums; nothing in the first row and column.
void add_gradients(const Field& luma, Field& sum_x, Field& sum_y, Field& power) {
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

/// Of a gradient over time, from its means and its mean power.
float deviation(float mean_x, float mean_y, float mean_power) {
  return std::sqrt(std::max(0.f, mean_power - mean_x * mean_x - mean_y * mean_y) / 2);
}

void average(const Field& luma, int side, Field& out) {
  const float share = 1.f / static_cast<float>(side * side);
  std::fill(out.values.begin(), out.values.end(), 0.f);
  for (int y = 0; y < out.height * side; ++y) {
    const float* from = &luma.values[luma.index(0, y)];
    float* to = &out.values[out.index(0, y / side)];
    for (int x = 0; x < out.width; ++x, from += side) {
      float sum = 0;
      for (int k = 0; k < side; ++k) sum += from[k];
      to[x] += share * sum;
    }
  }
}
}  // namespace

EdgeStatistics::EdgeStatistics(Size picture)
    : reduction_((std::max(picture.width, picture.height) + most_columns - 1) / most_columns) {
  const int w = std::max(1, picture.width / reduction_),
            h = std::max(1, picture.height / reduction_);
  luma_ = sum_x_ = sum_y_ = power_ = Field(w, h);
  area_luma_ = area_x_ = area_y_ = area_power_ =
      Field(w / StaticEdges::area, h / StaticEdges::area);
}

void EdgeStatistics::add(const Frame& frame) {
  reduce(frame, 0, reduction_, luma_);
  add_gradients(luma_, sum_x_, sum_y_, power_);
  average(luma_, StaticEdges::area, area_luma_);
  add_gradients(area_luma_, area_x_, area_y_, area_power_);
  ++frames_;
}

StaticEdges EdgeStatistics::edges() const {
  StaticEdges out{luma_, luma_, luma_, reduction_, area_luma_};
  const float n = static_cast<float>(std::max(1, frames_));
  for (std::size_t i = 0; i < luma_.size(); ++i) {
    const float mx = sum_x_.values[i] / n, my = sum_y_.values[i] / n;
    const float change = deviation(mx, my, power_.values[i] / n);
    out.strength.values[i] = std::sqrt(mx * mx + my * my);
    out.change.values[i] = change;
    out.consistency.values[i] = out.strength.values[i] / (change + 1);
  }
  for (std::size_t i = 0; i < area_luma_.size(); ++i)
    out.area_change.values[i] =
        deviation(area_x_.values[i] / n, area_y_.values[i] / n, area_power_.values[i] / n);
  return out;
}

}  // namespace cleanplate
