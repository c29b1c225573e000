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
  View<const float> colour;  ///< W in the code values of `seen`
  View<std::uint16_t> out;   ///< may be `seen`
  float gain;                ///< ≥ 0; 1: as in the map
  float limit;               ///< 0 < limit < 1
  int top;                   ///< 2^bits − 1

  CLEANPLATE_HD void operator()(int x, int y) const {
    const float a = alpha(x, y) * gain;
    const float i = static_cast<float>(seen(x, y));
    // Where α ≥ limit the quotient is not used; the divisor only has to be harmless.
    const float through = a < limit ? 1.f - a : 1.f;
    const float j = (i - a * colour(x, y)) / through;
    const float value = a < limit ? j : i;
    out(x, y) = static_cast<std::uint16_t>(
        static_cast<int>(clamp(value + .5f, 0.f, static_cast<float>(top))));
  }
};

CLEANPLATE_DECLARE_KERNEL(UnblendPixel)

}  // namespace cleanplate
