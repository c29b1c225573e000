/// @file
/// What keeps its shape and its speed for a stretch of frames.
#pragma once
#include <cstddef>
#include <vector>

#include "detect/edge_history.h"

namespace cleanplate {

/// Samples of the history's grid, and frames.
struct SteadyMotion {
  static constexpr std::size_t frames = 48;      ///< of a stretch
  static constexpr int width = 28, height = 18;  ///< of the patch that is compared

  std::size_t first = 0;  ///< the stretch's
  double x = 0, y = 0;    ///< the patch's centre in the middle of the stretch
  double vx = 0, vy = 0;  ///< a frame
  double alike = 0;       ///< mean correlation of the patch between quarters of the stretch
  double least = 0;       ///< of the two quarters that are least alike
  double elsewhere = 0;   ///< of another place that moves nearly alike, if there is one
  double with_it = 0;     ///< of the third best place that moves just so: of a pan, scenery's

  /// The centre's place, frames from the stretch's first.
  [[nodiscard]] double x_at(double n) const { return x + vx * (n - middle); }
  [[nodiscard]] double y_at(double n) const { return y + vy * (n - middle); }

 private:
  static constexpr double middle = (static_cast<double>(frames) - 1) / 2;
};

/// Adds the edges up along every velocity, coarse to fine, and takes the places where they agree
/// most and in both directions: an edge alone agrees with itself along its own line.
/// @param first  the stretch's; all its frames must be there.
/// @param least_way  samples of the grid that it comes in a stretch.
/// @return the best few, best first.
[[nodiscard]] std::vector<SteadyMotion> steady_motions(const EdgeHistory& history,
                                                       std::size_t first, double least_way = 16);

}  // namespace cleanplate
