#include "detect/reduced_plane.h"

#include <algorithm>

#include "frame/read_samples.h"
#include "frame/reduced.h"

namespace cleanplate {

namespace {
constexpr int most_columns = 640;

/// One direction of the grid over a component's samples.
struct Steps {
  int per, shift;  // steps a sample of the grid; log2 of the steps a sample of the component
  Steps(int reduction, int subsampled) : per(reduction), shift(subsampled) {
    if (per % 2 == 0 && shift == 1) per /= 2, shift = 0;
  }
};
}  // namespace

int passing_reduction(Size picture) {
  return (std::max(picture.width, picture.height) + most_columns - 1) / most_columns;
}

Field reduced_plane(const Frame& frame, int component, int reduction, const Box& box) {
  const PixelFormat format = frame.format();
  const Steps across(reduction, component ? format.chroma_shift_x() : 0),
      down(reduction, component ? format.chroma_shift_y() : 0);
  const float unit = 1.f / static_cast<float>(across.per * down.per * (1 << (format.bits - 8)));
  Field out(box.width, box.height);
  if (box.x == 0 && box.y == 0 && across.per == down.per && across.shift + down.shift == 0) {
    reduce(frame, component, across.per, out);
    return out;
  }
  const int first = box.x * across.per, columns = box.width * across.per;
  const int left = first >> across.shift, right = (first + columns - 1) >> across.shift;
  std::vector<std::uint16_t> row(static_cast<std::size_t>(right - left + 1));
  std::vector<std::uint32_t> sums(row.size());
  for (int y = 0; y < box.height; ++y) {
    std::fill(sums.begin(), sums.end(), 0u);
    for (int k = 0; k < down.per; ++k) {
      const int line = ((box.y + y) * down.per + k) >> down.shift;
      read_samples(frame, component, {left, line, right - left + 1, 1}, row.data());
      for (std::size_t x = 0; x < row.size(); ++x) sums[x] += row[x];
    }
    float* to = &out.values[out.index(0, y)];
    for (int x = 0; x < box.width; ++x) {
      std::uint32_t sum = 0;
      for (int k = 0; k < across.per; ++k)
        sum +=
            sums[static_cast<std::size_t>(((first + x * across.per + k) >> across.shift) - left)];
      to[x] = unit * static_cast<float>(sum);
    }
  }
  return out;
}

}  // namespace cleanplate
