/// @file
/// Chroma in turn (NV12, P010) or in planes (4:2:0): copies in the host's memory with the same
/// samples, times and side data.
#pragma once
#include <cleanplate/frame.h>

namespace cleanplate {

[[nodiscard]] Result<Frame> deinterleaved(const Frame& frame);
/// @param frame  of Layout::yuv420.
[[nodiscard]] Result<Frame> interleaved(const Frame& frame);

}  // namespace cleanplate
