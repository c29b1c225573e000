/// @file
/// A frame's planes averaged down to one grid, on which comings and goings are looked for.
#pragma once
#include <cleanplate/frame.h>

#include "frame/field.h"

namespace cleanplate {

/// Luma samples per sample of the grid, each way: at most about 640 columns.
[[nodiscard]] int passing_reduction(Size picture);
/// 8-bit levels. @param component  chroma too is averaged over what a sample of the grid covers.
/// @param box  on the reduced grid, inside it.
[[nodiscard]] Field reduced_plane(const Frame& frame, int component, int reduction, const Box& box);

}  // namespace cleanplate
