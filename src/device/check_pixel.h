/// @file
/// What a card is tried with before it gets work; C++17, host and device.
#pragma once
#include "device/kernel.h"

namespace cleanplate {

/// Integer and float work whose result differs wherever a machine fuses, reorders or drops a step.
struct CheckPixel {
  View<const std::uint32_t> in;
  View<std::uint32_t> out;

  CLEANPLATE_HD void operator()(int x, int y) const {
    const std::uint32_t seen = in(x, y);
    const float third = static_cast<float>(seen & 0xffffU) / 3.F;
    const float mixed = third * third + 0.1F;
    out(x, y) = seen * 2654435761U ^ static_cast<std::uint32_t>(mixed);
  }
};

CLEANPLATE_DECLARE_KERNEL(CheckPixel)

}  // namespace cleanplate
