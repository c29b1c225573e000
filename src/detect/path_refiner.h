/// @file
/// The path of a mark that moves, to parts of a sample.
#pragma once
#include <cleanplate/frame.h>

#include <array>
#include <optional>
#include <vector>

#include "detect/path_point.h"

namespace cleanplate {

/// Sharpens a path to parts of a sample: the plane in which the mark shows best, round each of its
/// points, is laid on the mean of all, again and again. Points that fall out of line are put back
/// between their neighbours.
/// Memory: the crops that give the mean, the first few of all planes; of a longer path the frames
/// are asked for twice. Threads: one object, one thread at a time.
class PathRefiner {
 public:
  /// @param most  crops that are kept for the mean, ≥ 4.
  PathRefiner(const Box& box, std::vector<PathPoint> path, std::ptrdiff_t most);
  PathRefiner(const Box& box, std::vector<PathPoint> path);
  /// Frames in order.
  void add(const Frame& frame);
  /// No more frames. @return whether they are wanted once more, by `place`.
  [[nodiscard]] bool settle();
  /// The same frames in order.
  void place(const Frame& frame);
  [[nodiscard]] std::vector<PathPoint> path() const;

 private:
  struct MeanEdge {
    int x, y;  // in the box
    float gx, gy;
  };
  struct Crop {
    std::size_t frame = 0;
    int x = 0, y = 0;  // of its top left
    Field levels;      // empty: not there
  };
  [[nodiscard]] Crop cut(const Frame& frame, std::size_t number, int plane) const;
  void choose_plane();
  [[nodiscard]] double goes_along(const std::vector<Crop>& crops) const;
  /// The mean's strong edges, of crops at their points.
  [[nodiscard]] bool take_mean();
  /// How alike the mean a crop's edges are with the mark at this place.
  [[nodiscard]] double alike(const Crop& crop, double x, double y) const;
  void move(const Crop& crop, int round);

  Box box_;
  std::vector<PathPoint> told_, path_;
  std::size_t every_ = 1, added_ = 0, placed_ = 0;
  std::array<std::vector<Crop>, 3> first_;  // of each plane, until one is chosen
  std::optional<int> plane_;
  std::vector<Crop> crops_;
  std::vector<MeanEdge> mean_;
  double power_ = 0;
};

}  // namespace cleanplate
