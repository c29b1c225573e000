/// @file
/// The path of a mark that moves, from one place that was told.
#pragma once
#include <cleanplate/frame.h>

#include <cstdint>
#include <vector>

#include "frame/field.h"

namespace cleanplate {

/// Where the mark's box lies in a frame; luma samples, top left.
struct PathPoint {
  double x = 0, y = 0;
  double alike = 0;    ///< correlation of the edges with the mark's, −1…1
  bool there = false;  ///< it is alike, or a little and where it was expected
};

/// Follows it forth and back in reduced luma, against the mean of its own edges along the path, in
/// which the scene averages out. It begins with the straight line along which most edges agree.
/// Memory: a reduced picture a frame. Threads: one object, one thread at a time.
class PathFinder {
 public:
  /// @param box  luma samples.
  PathFinder(Size picture, const Box& box);
  void add(const Frame& frame);
  /// @param start  the frame in which the box was told. @return one a frame.
  [[nodiscard]] std::vector<PathPoint> path(std::size_t start) const;

 private:
  struct Template;
  PathPoint search(std::size_t frame, const Template& mark, double x, double y, int reach) const;
  [[nodiscard]] Field whole(std::size_t frame) const;
  [[nodiscard]] Field picture(std::size_t frame) const;
  PathPoint first_step(std::size_t start, int way) const;

  Size grid_;
  int reduction_;
  Box told_, box_;  // in luma samples, and on the grid
  std::vector<std::vector<std::uint8_t>> frames_;
};

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
