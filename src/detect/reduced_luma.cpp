#include "detect/reduced_luma.h"

#include <algorithm>

#include "frame/read_samples.h"

namespace cleanplate {

namespace {
constexpr int most_columns = 640;
}

int passing_reduction(Size picture) {
  return (std::max(picture.width, picture.height) + most_columns - 1) / most_columns;
}

Field reduced_luma(const Frame& frame, int reduction, const Box& box) {
  const int r = reduction;
  const float unit = 1.f / static_cast<float>(r * r * (1 << (frame.format().bits - 8)));
  Field luma(box.width, box.height);
  const auto columns = static_cast<std::size_t>(box.width * r);
  std::vector<std::uint16_t> row(columns);
  std::vector<std::uint32_t> sums(columns);
  for (int y = 0; y < box.height; ++y) {
    std::fill(sums.begin(), sums.end(), 0u);
    for (int k = 0; k < r; ++k) {
      read_samples(frame, 0, {box.x * r, (box.y + y) * r + k, box.width * r, 1}, row.data());
      for (std::size_t x = 0; x < columns; ++x) sums[x] += row[x];
    }
    float* to = &luma.values[luma.index(0, y)];
    const std::uint32_t* from = sums.data();
    for (int x = 0; x < box.width; ++x, from += r) {
      std::uint32_t sum = 0;
      for (int k = 0; k < r; ++k) sum += from[k];
      to[x] = unit * static_cast<float>(sum);
    }
  }
  return luma;
}

}  // namespace cleanplate
