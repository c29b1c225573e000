#include "frame/reduced.h"

#include <algorithm>
#include <cstdint>

namespace cleanplate {

namespace {

template <class T, class Sum>
void add_row(const T* from, std::ptrdiff_t step, int shift, Sum* to, int n) {
  if (step == 1 && shift == 0)  // what a compiler can vectorise
    for (int x = 0; x < n; ++x) to[x] = static_cast<Sum>(to[x] + from[x]);
  else
    for (int x = 0; x < n; ++x) to[x] = static_cast<Sum>(to[x] + (from[x * step] >> shift));
}

/// @tparam fixed  the factor, if it is one of those that the compiler unrolls.
template <int fixed, class Sum>
void mean_row(const Sum* from, int factor, float unit, float* to, int n) {
  const int count = fixed > 0 ? fixed : factor;
  for (int x = 0; x < n; ++x) {
    int sum = 0;
    for (int k = 0; k < count; ++k) sum += static_cast<int>(from[x * count + k]);
    to[x] = unit * static_cast<float>(sum);
  }
}

/// @tparam Sum  holds what `factor` samples come to.
template <class T, class Sum>
void reduce_samples(const ComponentView& view, int shift, int factor, float unit, Field& out) {
  std::vector<Sum> sums(static_cast<std::size_t>(out.width * factor));
  const auto mean = factor == 1   ? mean_row<1, Sum>
                    : factor == 2 ? mean_row<2, Sum>
                    : factor == 3 ? mean_row<3, Sum>
                    : factor == 4 ? mean_row<4, Sum>
                    : factor == 6 ? mean_row<6, Sum>
                                  : mean_row<0, Sum>;
  for (int y = 0; y < out.height; ++y) {
    std::fill(sums.begin(), sums.end(), Sum{0});
    for (int v = y * factor; v < (y + 1) * factor; ++v) {
      const std::byte* row = reinterpret_cast<const std::byte*>(view.data) + v * view.stride;
      add_row(reinterpret_cast<const T*>(row), view.step, shift, sums.data(), out.width * factor);
    }
    mean(sums.data(), factor, unit, &out.values[out.index(0, y)], out.width);
  }
}

}  // namespace

void reduce(const Frame& frame, int component, int factor, Field& out) {
  constexpr int narrow = 256;  // so many samples of 8 bits fit in 16
  const ComponentView view = frame.component(component);
  const int shift = frame.format().sample_shift();
  const float unit = 1.f / static_cast<float>(factor * factor * (1 << (frame.format().bits - 8)));
  if (frame.format().bytes_per_sample() == 2)
    reduce_samples<std::uint16_t, std::uint32_t>(view, shift, factor, unit, out);
  else if (factor > narrow)
    reduce_samples<std::uint8_t, std::uint32_t>(view, shift, factor, unit, out);
  else
    reduce_samples<std::uint8_t, std::uint16_t>(view, shift, factor, unit, out);
}

}  // namespace cleanplate
