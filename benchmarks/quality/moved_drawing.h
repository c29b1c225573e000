/// @file
/// A mark on its way: between samples, and back and forth.
#pragma once
#include "demo_clip/marks.h"

namespace quality {

/// Moved by a fraction of a sample, by linear interpolation; one sample larger each way.
[[nodiscard]] demo::Drawing nudged(const demo::Drawing& from, double fx, double fy);
/// Back and forth between 0 and `span`.
[[nodiscard]] double reflected(double at, double span);

}  // namespace quality
