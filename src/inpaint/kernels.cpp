// The loops of this room's kernels; compiled once for each instruction set.
#include "device/kernel_build.h"
#include "inpaint/unblend_pixel.h"

namespace cleanplate {
CLEANPLATE_KERNEL(UnblendPixel)
}  // namespace cleanplate
