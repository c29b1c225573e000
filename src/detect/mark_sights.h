/// @file
/// Where a patch that was seen to move is in other frames, if it goes on or has turned back.
#pragma once
#include <cstddef>
#include <vector>

#include "detect/steady_motion.h"

namespace cleanplate {

/// Samples of the history's grid.
struct MarkSight {
  double alike = 0;                     ///< correlation of the edges, −1…1
  double x = 0, y = 0;                  ///< the patch's centre in the middle of the group of frames
  bool back_x = false, back_y = false;  ///< it moves the other way than where it was found
};

/// The mean of a patch along its motion, and its best place in groups of frames.
/// Threads: one object, one thread at a time.
class MarkSights {
 public:
  static constexpr std::size_t group = 12;  ///< frames; the stretch is four of them

  MarkSights(const EdgeHistory& history, const SteadyMotion& motion);
  /// Of all places and ways the one that is most alike in `group` frames from `first`.
  /// @param from, to  the frames round them that show the same take.
  [[nodiscard]] MarkSight look(std::size_t first, std::size_t from, std::size_t to) const;
  /// Whether the second follows from the first, so many groups later, at the same speed, straight
  /// on or turned back between them.
  [[nodiscard]] bool follows(const MarkSight& a, const MarkSight& b, int groups) const;
  /// The mean of the edges in all these groups, in a wider window round the patch's centre.
  struct Seen {
    std::size_t first, from, to;
    MarkSight sight;
  };
  [[nodiscard]] Edges mean(const std::vector<Seen>& groups, Size window) const;
  [[nodiscard]] const SteadyMotion& motion() const { return motion_; }

 private:
  struct Sample {
    int x, y;
    float gx, gy;
  };
  [[nodiscard]] MarkSight best_place(const Edges& sums) const;
  [[nodiscard]] double alike(const Edges& sums, int x, int y) const;

  const EdgeHistory& history_;
  SteadyMotion motion_;
  std::vector<Sample> edges_;  // of the patch, strongest first
  double power_ = 0;
};

}  // namespace cleanplate
