/// @file
/// A small generator whose numbers are the same on every machine and in every build.
#pragma once
#include <cstdint>

namespace cleanplate {

/// SplitMix64 (Steele, Lea, Flood 2014). Threads: a plain value.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  /// 64 evenly distributed bits.
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  /// 0 … n-1, n ≥ 1; the bias is below 2⁻³².
  int below(int n) {
    return static_cast<int>((next() >> 32) * static_cast<std::uint64_t>(n) >> 32);
  }
  /// 0 ≤ x < 1, in steps of 2⁻⁵³.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  /// Mean 0, variance 1, within ±6: a sum of twelve, as libm's logarithm differs from machine to
  /// machine.
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }

 private:
  std::uint64_t state_;
};

}  // namespace cleanplate
