#include "detect/scene_cuts.h"

#include <algorithm>
#include <cmath>

#include "frame/read_samples.h"

namespace cleanplate {

namespace {
constexpr int columns = 64, rows = 36;  // of the samples that are compared
constexpr float least_change = 8;       // levels
constexpr std::size_t near = 8;         // frames before and after, whose change is usual
}  // namespace

void SceneCuts::add(const Frame& frame) {
  const Size size = frame.size();
  const float unit = 1.f / static_cast<float>(1 << (frame.format().bits - 8));
  Field now(columns, rows);
  std::vector<std::uint16_t> row(static_cast<std::size_t>(size.width));
  for (int y = 0; y < rows; ++y) {
    read_samples(frame, 0, {0, (2 * y + 1) * size.height / (2 * rows), size.width, 1}, row.data());
    for (int x = 0; x < columns; ++x) {
      const int from = x * size.width / columns,
                to = std::max(from + 1, (x + 1) * size.width / columns);
      float sum = 0;
      for (int i = from; i < to; ++i) sum += static_cast<float>(row[static_cast<std::size_t>(i)]);
      now.at(x, y) = unit * sum / static_cast<float>(to - from);
    }
  }
  float change = 0;
  for (std::size_t i = 0; i < before_.size(); ++i)
    change += std::fabs(now.values[i] - before_.values[i]);
  change_.push_back(change / static_cast<float>(now.size()));
  before_ = std::move(now);
}

std::vector<bool> SceneCuts::cuts() const {
  std::vector<bool> cut(change_.size(), false);
  for (std::size_t n = 1; n < change_.size(); ++n) {
    std::vector<float> usual;
    for (std::size_t k = n > near ? n - near : 1; k < std::min(change_.size(), n + near + 1); ++k)
      if (k != n) usual.push_back(change_[k]);
    cut[n] = change_[n] > least_change && change_[n] > 3 * quantile(usual, .5);
  }
  return cut;
}

}  // namespace cleanplate
