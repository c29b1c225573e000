#include "detect/static_edges.h"

#include <algorithm>
#include <cmath>

#include "frame/read_samples.h"

namespace cleanplate {

namespace {
constexpr int most_columns = 1440;
}

EdgeStatistics::EdgeStatistics(Size picture)
    : reduction_((std::max(picture.width, picture.height) + most_columns - 1) / most_columns) {
  const int w = std::max(1, picture.width / reduction_),
            h = std::max(1, picture.height / reduction_);
  luma_ = sum_x_ = sum_y_ = power_ = Field(w, h);
  row_.resize(static_cast<std::size_t>(picture.width));
}

void EdgeStatistics::add(const Frame& frame) {
  const int w = luma_.width, h = luma_.height, r = reduction_;
  const float unit = 1.f / static_cast<float>(r * r * (1 << (frame.format().bits - 8)));
  std::fill(luma_.values.begin(), luma_.values.end(), 0.f);
  for (int y = 0; y < h * r; ++y) {
    read_samples(frame, 0, {0, y, w * r, 1}, row_.data());
    float* to = &luma_.values[luma_.index(0, y / r)];
    for (int x = 0; x < w * r; ++x)
      to[x / r] += unit * static_cast<float>(row_[static_cast<std::size_t>(x)]);
  }
  for (int y = 1; y < h; ++y)
    for (int x = 1; x < w; ++x) {
      const std::size_t i = luma_.index(x, y);
      const float here = luma_.values[i];
      const float gx = here - luma_.values[i - 1];
      const float gy = here - luma_.values[i - static_cast<std::size_t>(w)];
      sum_x_.values[i] += gx;
      sum_y_.values[i] += gy;
      power_.values[i] += gx * gx + gy * gy;
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
