// The loops of this room's kernels; compiled once for each instruction set.
#include "device/kernel_build.h"
#include "frame/letterbox_pixel.h"
#include "frame/read_sample.h"

namespace cleanplate {
CLEANPLATE_KERNEL(ReadSample<std::uint8_t, 1>)
CLEANPLATE_KERNEL(ReadSample<std::uint8_t, 2>)
CLEANPLATE_KERNEL(ReadSample<std::uint16_t, 1>)
CLEANPLATE_KERNEL(ReadSample<std::uint16_t, 2>)
CLEANPLATE_KERNEL(LetterboxPixel)
}  // namespace cleanplate
