#include "inpaint/grain.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

float grain_strength(std::span<const float> picture, int width, std::span<const int> places) {
  if (places.size() < 16) return 0;
  std::vector<float> seen;
  seen.reserve(places.size());
  for (const int p : places) {
    const auto v = [&](int dx, int dy) {
      return picture[static_cast<std::size_t>(p + dy * width + dx)];
    };
    // Immerkær 1996: blind to planes and to straight edges along the axes.
    seen.push_back(std::abs(v(-1, -1) + v(1, -1) + v(-1, 1) + v(1, 1) -
                            2 * (v(0, -1) + v(-1, 0) + v(1, 0) + v(0, 1)) + 4 * v(0, 0)));
  }
  const auto middle = seen.begin() + static_cast<std::ptrdiff_t>(seen.size() / 2);
  std::nth_element(seen.begin(), middle, seen.end());
  // The mask's gain on white noise is 6; a normal's median is 0.6745 of its deviation.
  return *middle / (6 * .6745F);
}

float grain_at(int x, int y, std::uint64_t key) {
  std::uint64_t z = key + 0x9e3779b97f4a7c15U * (static_cast<std::uint64_t>(x) +
                                                 (static_cast<std::uint64_t>(y) << 32) + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  z ^= z >> 31;
  // Four evenly distributed 16-bit numbers: near enough to a normal, and no logarithm.
  const auto sum = (z & 0xffff) + (z >> 16 & 0xffff) + (z >> 32 & 0xffff) + (z >> 48);
  constexpr float deviation = 37837.2F;  // of the sum: 2^16 · sqrt(4/12)
  return (static_cast<float>(sum) - 131070.F) / deviation;
}

}  // namespace cleanplate
