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
  double clear = 0;    ///< how much more alike than the picture's second best place
};

/// Looks in reduced luma, in every frame, for what is like the mean of the mark's own edges along
/// its path, in which the scene averages out; of all ways through these sights the one that sees
/// most and bends least is the path. It begins with the straight line along which most edges agree.
/// Edges are taken by their direction more than their strength, so that a strong one of the scene
/// does not outweigh a mark; those that stay at their place are left out.
/// Memory: a reduced picture a frame. Threads: one object, one thread at a time.
class PathFinder {
 public:
  /// @param box  luma samples.
  PathFinder(Size picture, const Box& box);
  void add(const Frame& frame);
  /// @param start  the frame in which the box was told. @return one a frame.
  [[nodiscard]] std::vector<PathPoint> path(std::size_t start) const;

 private:
  struct Edges;
  struct Template;
  [[nodiscard]] Edges edges(std::size_t frame) const;
  [[nodiscard]] std::vector<PathPoint> sights(const Edges& picture, const Template& mark) const;
  [[nodiscard]] PathPoint first_step(std::size_t start, int way) const;
  [[nodiscard]] Template mean_along(const std::vector<PathPoint>& path) const;

  Size grid_;
  int reduction_;
  Box told_, box_;                                // in luma samples, and on the grid
  std::vector<std::vector<std::int8_t>> frames_;  // edges across, then down; ±127
  std::vector<std::vector<float>> sums_;          // of a block's frames
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
