/// @file
/// The path of a mark that moves, to parts of a sample.
#pragma once
#include <cleanplate/frame.h>

#include <vector>

#include "detect/path_point.h"

namespace cleanplate {

/// Sharpens a path to parts of a sample: the luma round each of its points is laid on the mean of
/// all, again and again. Points that fall out of line are put back between their neighbours.
/// Threads: one object, one thread at a time.
class PathRefiner {
 public:
  PathRefiner(const Box& box, std::vector<PathPoint> path);
  /// Frames in order.
  void add(const Frame& frame);
  [[nodiscard]] std::vector<PathPoint> path() const;

 private:
  struct Crop {
    int x = 0, y = 0;  // of its top left
    Field luma;        // empty: not there
  };
  Box box_;
  std::vector<PathPoint> path_;
  std::vector<Crop> crops_;
};

}  // namespace cleanplate
