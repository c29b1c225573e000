/// @file
/// Edges added up along a motion, in which what moves so stays and all else averages out.
#pragma once
#include <cstdint>
#include <vector>

#include "detect/edge_history.h"

namespace cleanplate {

/// A frame's edges, ±127, less the mean of those around it: what stands still is gone.
struct EdgeBytes {
  Size size;
  std::vector<std::int8_t> x, y;
};
/// Those of `count` frames from `first`, less the mean of the frames from … to − 1.
[[nodiscard]] std::vector<EdgeBytes> moving_edges(const EdgeHistory& history, std::size_t first,
                                                  std::size_t count, std::size_t from,
                                                  std::size_t to);
/// To half the size by means, so that a whole clip's velocities can be tried.
[[nodiscard]] EdgeBytes halved(const EdgeBytes& from);

/// Up to 256 frames; what lies outside a picture adds nothing.
struct EdgeSums {
  Size size;
  std::vector<std::int16_t> x, y;
  explicit EdgeSums(Size of);
  void clear();
  /// The sample at (x, y) gets that of the picture at (x + dx, y + dy).
  void add(const EdgeBytes& picture, int dx, int dy);
  /// The mean of so many.
  [[nodiscard]] EdgeBytes mean(int count) const;
};

}  // namespace cleanplate
