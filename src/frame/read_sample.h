/// @file
/// From a frame's own words to working samples; C++17, host and device.
#pragma once
#include "device/kernel.h"

namespace cleanplate {

/// Planar code values from a component of words `T`, `Step` words apart.
template <class T, int Step>
struct ReadSample {
  View<const T, Step> words;
  View<std::uint16_t> out;  ///< 0 … 2^bits − 1
  int shift;                ///< PixelFormat::sample_shift

  CLEANPLATE_HD void operator()(int x, int y) const {
    out(x, y) = static_cast<std::uint16_t>(words(x, y) >> shift);
  }
};

CLEANPLATE_DECLARE_KERNEL(ReadSample<std::uint8_t, 1>)
CLEANPLATE_DECLARE_KERNEL(ReadSample<std::uint8_t, 2>)
CLEANPLATE_DECLARE_KERNEL(ReadSample<std::uint16_t, 1>)
CLEANPLATE_DECLARE_KERNEL(ReadSample<std::uint16_t, 2>)

}  // namespace cleanplate
