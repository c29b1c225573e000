/// @file
/// Restored samples back into a frame's own words; C++17, host and device.
#pragma once
#include "device/kernel.h"

namespace cleanplate {

/// word = (old·(255 − m) + restored·m) / 255, rounded, by the mask's weight m; the very same word
/// where m = 0, bits below the sample included.
template <class T, int Step>
struct CompositePixel {
  View<const std::uint16_t> restored;  ///< code values
  View<const std::uint8_t> mask;       ///< 0 … 255
  View<T, Step> words;
  int shift;  ///< PixelFormat::sample_shift

  CLEANPLATE_HD void operator()(int x, int y) const {
    const std::uint32_t word = words(x, y);
    const std::uint32_t m = mask(x, y);
    const std::uint32_t mixed = ((word >> shift) * (255 - m) + restored(x, y) * m + 127) / 255;
    words(x, y) = static_cast<T>(m ? mixed << shift : word);
  }
};

CLEANPLATE_DECLARE_KERNEL(CompositePixel<std::uint8_t, 1>)
CLEANPLATE_DECLARE_KERNEL(CompositePixel<std::uint8_t, 2>)
CLEANPLATE_DECLARE_KERNEL(CompositePixel<std::uint16_t, 1>)
CLEANPLATE_DECLARE_KERNEL(CompositePixel<std::uint16_t, 2>)

}  // namespace cleanplate
