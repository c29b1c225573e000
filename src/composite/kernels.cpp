// The loops of this room's kernels; compiled once for each instruction set.
#include "composite/composite_pixel.h"
#include "device/kernel_build.h"

namespace cleanplate {
CLEANPLATE_KERNEL(CompositePixel<std::uint8_t, 1>)
CLEANPLATE_KERNEL(CompositePixel<std::uint8_t, 2>)
CLEANPLATE_KERNEL(CompositePixel<std::uint16_t, 1>)
CLEANPLATE_KERNEL(CompositePixel<std::uint16_t, 2>)
}  // namespace cleanplate
