#include "detect/static_edges.h"

#include <algorithm>
#include <cmath>

#include "frame/reduced.h"

namespace cleanplate {

namespace {
constexpr int most_columns = 1440;
}

EdgeStatistics::EdgeStatistics(Size picture)
    : reduction_((std::max(picture.width, picture.height) + most_columns - 1) / most_columns) {
  const int w = std::max(1, picture.width / reduction_),
            h = std::max(1, picture.height / reduction_);
  luma_ = sum_x_ = sum_y_ = power_ = Field(w, h);
}

void EdgeStatistics::add(const Frame& frame) {
  reduce(frame, 0, reduction_, luma_);
  const int w = luma_.width, h = luma_.height;
  for (int y = 1; y < h; ++y) {
    const float* above = &luma_.values[luma_.index(0, y - 1)];
    const float* here = above + w;
    float* sum_x = &sum_x_.values[sum_x_.index(0, y)];
    float* sum_y = &sum_y_.values[sum_y_.index(0, y)];
    float* power = &power_.values[power_.index(0, y)];
    for (int x = 1; x < w; ++x) {
      const float gx = here[x] - here[x - 1];
      const float gy = here[x] - above[x];
      sum_x[x] += gx;
      sum_y[x] += gy;
      power[x] += gx * gx + gy * gy;
    }
  }
  ++frames_;
}

StaticEdges EdgeStatistics::edges() const {
  StaticEdges out{luma_, luma_, luma_, reduction_};
  const float n = static_cast<float>(std::max(1, frames_));
  for (std::size_t i = 0; i < luma_.size(); ++i) {
    const float mx = sum_x_.values[i] / n, my = sum_y_.values[i] / n;
    const float mean2 = mx * mx + my * my;
    const float deviation = std::sqrt(std::max(0.f, power_.values[i] / n - mean2) / 2);
    out.strength.values[i] = std::sqrt(mean2);
    out.change.values[i] = deviation;
    out.consistency.values[i] = out.strength.values[i] / (deviation + 1);
  }
  return out;
}

}  // namespace cleanplate
