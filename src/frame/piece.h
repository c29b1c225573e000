/// @file
/// A part of a picture in memory of its own.
#pragma once
#include <cleanplate/frame.h>

namespace cleanplate {

/// Copies a box's samples; times and colour stay the frame's.
/// @param box  inside the picture, luma samples; its corner is one of a chroma sample too.
/// @return `out_of_memory`.
[[nodiscard]] Result<Frame> piece_of(const Frame& frame, const Box& box);

}  // namespace cleanplate
