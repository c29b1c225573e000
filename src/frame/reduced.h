/// @file
/// A smaller picture of a component, for those that look at whole frames.
#pragma once
#include <cleanplate/frame.h>

#include "frame/field.h"

namespace cleanplate {

/// Means over blocks of factor × factor samples, in 8-bit levels; `out` keeps its size, and what
/// lies beyond its last block is not looked at.
/// @param out  at most (component's width / factor) × (its height / factor).
void reduce(const Frame& frame, int component, int factor, Field& out);

}  // namespace cleanplate
