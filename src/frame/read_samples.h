/// @file
/// Samples of a frame's component as numbers, whatever their storage.
#pragma once
#include <cleanplate/frame.h>

#include <cstdint>

#include "frame/field.h"

namespace cleanplate {

/// Code values of `box` (in the component's samples, inside the picture), row by row into `out`.
void read_samples(const Frame& frame, int component, const Box& box, std::uint16_t* out);

/// The box of a luma box on a component's grid: every sample that it touches.
[[nodiscard]] Box component_box(const Box& luma, PixelFormat format, int component, Size picture);

/// The luma box grown to whole chroma samples and cut to the picture.
[[nodiscard]] Box aligned_box(const Box& luma, PixelFormat format, Size picture);

}  // namespace cleanplate
