/// @file
/// A path of sights with what lies between them.
#pragma once
#include <vector>

#include "detect/path_point.h"

namespace cleanplate {

/// A few frames' weak sights off every line are dropped. In up to 15 frames between two sights, or
/// before the first and after the last, the mark was not seen and yet is there: where a straight
/// way has it. Over a longer gap it is if it came out where its way had pointed.
/// @param path  one point a frame, luma samples. @param box  the mark's size.
[[nodiscard]] std::vector<PathPoint> closed_path(std::vector<PathPoint> path, const Box& box,
                                                 Size picture);

}  // namespace cleanplate
