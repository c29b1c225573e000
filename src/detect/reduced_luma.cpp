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
  std::vector<std::uint16_t> row(static_cast<std::size_t>(box.width * r));
  for (int y = 0; y < box.height * r; ++y) {
    read_samples(frame, 0, {box.x * r, box.y * r + y, box.width * r, 1}, row.data());
    float* to = &luma.values[luma.index(0, y / r)];
    const std::uint16_t* from = row.data();
    for (int x = 0; x < box.width; ++x)
      for (int k = 0; k < r; ++k) to[x] += unit * static_cast<float>(*from++);
  }
  return luma;
}

}  // namespace cleanplate
