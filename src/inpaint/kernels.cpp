// The loops of this room's kernels; compiled once for each instruction set.
#include "device/kernel_build.h"
#include "inpaint/crop_rgb.h"
#include "inpaint/gather_pixel.h"
#include "inpaint/overlapping_blocks.h"
#include "inpaint/shrink_blocks.h"
#include "inpaint/unblend_pixel.h"

namespace cleanplate {
CLEANPLATE_KERNEL(UnblendPixel)
CLEANPLATE_KERNEL(SpreadSamples)
CLEANPLATE_KERNEL(TransformColumns)
CLEANPLATE_KERNEL(TransformRows)
CLEANPLATE_KERNEL(BlockNoise)
CLEANPLATE_KERNEL(SurroundingStrength)
CLEANPLATE_KERNEL(CountStrong)
CLEANPLATE_KERNEL(WeighBlock)
CLEANPLATE_KERNEL(ShrinkCoefficient)
CLEANPLATE_KERNEL(TransformRowsBack)
CLEANPLATE_KERNEL(TransformColumnsBack)
CLEANPLATE_KERNEL(JoinBlocks)
CLEANPLATE_KERNEL(GatherSamples)
CLEANPLATE_KERNEL(CropToRgb)
CLEANPLATE_KERNEL(RgbToSample)
CLEANPLATE_KERNEL(FiniteRow)
CLEANPLATE_KERNEL(BringSamples)
CLEANPLATE_KERNEL(OpenRow)
CLEANPLATE_KERNEL(MeanSample)
}  // namespace cleanplate
