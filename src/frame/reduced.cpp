#include "frame/reduced.h"

#include <algorithm>
#include <cstdint>

namespace cleanplate {

namespace {

template <class T>
void add_row(const T* from, std::ptrdiff_t step, int shift, std::uint32_t* to, int n) {
  if (step == 1 && shift == 0)  // what a compiler can vectorise
    for (int x = 0; x < n; ++x) to[x] += from[x];
  else
    for (int x = 0; x < n; ++x) to[x] += static_cast<std::uint32_t>(from[x * step] >> shift);
}

void mean_row(const std::uint32_t* from, int factor, float unit, float* to, int n) {
  if (factor == 1) {
    for (int x = 0; x < n; ++x) to[x] = unit * static_cast<float>(static_cast<int>(from[x]));
  } else if (factor == 2) {
    for (int x = 0; x < n; ++x)
      to[x] = unit * static_cast<float>(static_cast<int>(from[2 * x] + from[2 * x + 1]));
  } else {
    for (int x = 0; x < n; ++x) {
      std::uint32_t sum = 0;
      for (int k = 0; k < factor; ++k) sum += from[x * factor + k];
      to[x] = unit * static_cast<float>(static_cast<int>(sum));
    }
  }
}

}  // namespace

void reduce(const Frame& frame, int component, int factor, Field& out) {
  const ComponentView view = frame.component(component);
  const int shift = frame.format().sample_shift(), n = out.width * factor;
  const float unit = 1.f / static_cast<float>(factor * factor * (1 << (frame.format().bits - 8)));
  std::vector<std::uint32_t> sums(static_cast<std::size_t>(n));
  for (int y = 0; y < out.height; ++y) {
    std::fill(sums.begin(), sums.end(), 0U);
    for (int v = y * factor; v < (y + 1) * factor; ++v) {
      const std::byte* row = reinterpret_cast<const std::byte*>(view.data) + v * view.stride;
      if (frame.format().bytes_per_sample() == 1)
        add_row(reinterpret_cast<const std::uint8_t*>(row), view.step, shift, sums.data(), n);
      else
        add_row(reinterpret_cast<const std::uint16_t*>(row), view.step, shift, sums.data(), n);
    }
    mean_row(sums.data(), factor, unit, &out.values[out.index(0, y)], out.width);
  }
}

}  // namespace cleanplate
