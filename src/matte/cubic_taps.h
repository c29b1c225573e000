/// @file
/// Samples between samples, without the blur that a straight line between them is.
#pragma once
#include <array>

namespace cleanplate {

/// Weights of the samples at −1, 0, 1 and 2 for the value at `f`, 0…1 (Keys 1981, a = −1/2).
[[nodiscard]] constexpr std::array<float, 4> cubic_taps(float f) {
  const float f2 = f * f, f3 = f2 * f;
  return {.5f * (-f3 + 2 * f2 - f), .5f * (3 * f3 - 5 * f2 + 2), .5f * (-3 * f3 + 4 * f2 + f),
          .5f * (f3 - f2)};
}

}  // namespace cleanplate
