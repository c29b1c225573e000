/// @file
/// Samples cut out of a frame around an overlay, and which of them are to be filled.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "device/hd.h"

namespace cleanplate {

/// One component's samples as code values in the low bits, rows without gaps.
struct CropPlane {
  int width = 0, height = 0;
  std::vector<std::uint16_t> samples;  ///< width × height
};

/// One frame's crop: Y, Cb, Cr, each on its own grid; chroma planes are empty (0×0) for grey.
struct Crop {
  std::array<CropPlane, 3> planes;
};

/// A crop's samples where a device's kernels read them.
using CropThere = std::array<DeviceView<const std::uint16_t>, 3>;

/// Which samples of one component are to be filled; the size is the component's crop.
struct HoleMask {
  int width = 0, height = 0;
  std::vector<std::uint8_t> values;  ///< width × height; 0 keep, above 0 fill
};

/// One mask a component; the chroma masks are empty (0×0) for grey.
using HoleMasks = std::array<HoleMask, 3>;

}  // namespace cleanplate
