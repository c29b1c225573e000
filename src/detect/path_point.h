/// @file
/// Where a mark that moves is, frame for frame.
#pragma once
#include <vector>

#include "frame/field.h"

namespace cleanplate {

/// Where the mark's box lies in a frame: its top left, luma samples or those of a grid.
struct PathPoint {
  double x = 0, y = 0;
  double alike = 0;    ///< correlation of the edges with the mark's, −1…1
  bool there = false;  ///< it is alike, or a little and where it was expected
  double clear = 0;    ///< how much more alike than the picture's second best place
};

constexpr double likely_mark = .18;  ///< likeness from which it may be the mark

/// The way through the frames' sights that sees most of the mark and bends least: a beam search.
/// @param sights  of each frame, samples of the grid. @return one point a frame.
[[nodiscard]] std::vector<PathPoint> best_way(const std::vector<std::vector<PathPoint>>& sights,
                                              Size grid);

/// A mark moves on a straight line but for where it turns: each point is laid on the line through
/// those around it that agree; one that was not seen, or is not like the mark, has no say.
/// @param tolerance  samples.
[[nodiscard]] std::vector<PathPoint> straightened(const std::vector<PathPoint>& path,
                                                  double tolerance);

/// The top of a parabola through three values a sample apart; −.5 … .5.
[[nodiscard]] double top_between(double left, double middle, double right);

}  // namespace cleanplate
