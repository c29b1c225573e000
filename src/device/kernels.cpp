// The loops of this room's kernels; compiled once for each instruction set.
#include "device/check_pixel.h"
#include "device/kernel_build.h"

namespace cleanplate {
CLEANPLATE_KERNEL(CheckPixel)
}  // namespace cleanplate
