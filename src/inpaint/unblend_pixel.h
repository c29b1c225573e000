/// @file
/// What lay under a see-through overlay; C++17, host and device.
#pragma once
#include "device/kernel.h"

namespace cleanplate {

/// J = (I − αW) / (1 − α), DESIGN §6, rounded to the nearest code value (ties up) and held to
/// 0 … top. α is the map's times the frame's gain. Where α ≥ limit the sample stays as it was
/// seen: noise grows by 1/(1 − α), and a fill does better there.
struct UnblendPixel {
  View<const std::uint16_t> seen;
  View<const float> alpha;   ///< 0…1
  View<const float> colour;  ///< W in the code values of `seen`, finite
  View<std::uint16_t> out;   ///< may be `seen`
  float gain;                ///< ≥ 0; 1: as in the map
  float limit;               ///< 0 < limit < 1
  int top;                   ///< 2^bits − 1

  CLEANPLATE_HD void operator()(int x, int y) const {
    const float map = alpha(x, y) * gain;
    const float a = map < limit ? map : 0.f;  // 0: (i − 0·W) / 1 is i
    const float i = static_cast<float>(seen(x, y));
    const float j = (i - a * colour(x, y)) / (1.f - a);
    const float value = clamp(j + .5f, 0.f, static_cast<float>(top));
    out(x, y) = static_cast<std::uint16_t>(static_cast<int>(value));
  }
};

CLEANPLATE_DECLARE_KERNEL(UnblendPixel)

}  // namespace cleanplate
