/// @file
/// The path of a mark that moves, from one place that was told.
#pragma once
#include <cleanplate/frame.h>

#include <vector>

#include "detect/edge_history.h"
#include "detect/path_point.h"

namespace cleanplate {

/// Looks in reduced luma, in every frame, for what is like the mean of the mark's own edges along
/// its path, in which the scene averages out; of all ways through these sights the one that sees
/// most and bends least is the path. It begins with the straight line along which most edges agree.
/// Edges are taken by their direction more than their strength, so that a strong one of the scene
/// does not outweigh a mark; those that stay at their place are left out. They are luma's or any
/// plane's, whichever tell the way from the start better.
/// Memory: a reduced picture a frame; a long clip is followed in parts, each by the mark that the
/// one before has shown. Threads: one object, one thread at a time.
class PathFinder {
 public:
  /// @param box  luma samples.
  PathFinder(Size picture, const Box& box);
  void add(const Frame& frame) { EdgeHistory::add(frame, histories_); }
  /// @param start  the frame in which the box was told. @return one a frame.
  [[nodiscard]] std::vector<PathPoint> path(std::size_t start);
  /// The same in frames that follow those: by what the mark was seen to be there.
  [[nodiscard]] std::vector<PathPoint> path_on() const;
  [[nodiscard]] std::size_t frames() const { return history().frames(); }
  /// Frames from here on are a new part.
  void next_part();

 private:
  [[nodiscard]] std::vector<PathPoint> in_luma(std::vector<PathPoint> path) const;
  [[nodiscard]] std::vector<PathPoint> sights(const Edges& picture, const MeanEdges& mark) const;
  struct Line {
    PathPoint step;  // a frame
    int frames = 0;
  };
  [[nodiscard]] Line first_line(const EdgeHistory& history, std::size_t start, int way) const;
  [[nodiscard]] MeanEdges mean_along(const std::vector<PathPoint>& path) const;

  [[nodiscard]] const EdgeHistory& history() const { return histories_.front(); }

  /// Luma's and any plane's; once begun, that in which the mark shows.
  std::vector<EdgeHistory> histories_;
  Box told_, box_;  // in luma samples, and on the grid
  MeanEdges mark_;  // along the path that was found last
};

}  // namespace cleanplate
