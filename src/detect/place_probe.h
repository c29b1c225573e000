/// @file
/// Frame by frame: whether what was once seen at a place is there.
#pragma once
#include <cleanplate/frame.h>

#include <vector>

#include "detect/pop_finder.h"

namespace cleanplate {

/// What one frame says of one place.
struct Probe {
  float gain = 0;    ///< the frame's gradient along the place's: 1 as it was seen, 0 gone
  float error = 1;   ///< standard error of the gain, from what else the frame shows there
  float alike = 0;   ///< normalised correlation of the strongest edges, −1…1
  float unlike = 0;  ///< the same of the place without the pattern: where it is gone, 1
  float around = 0;  ///< mean luma round the place, 8-bit levels
};

/// Threads: one object, one thread at a time.
class PlaceProbe {
 public:
  PlaceProbe(PassingPlace place, int reduction, Size grid);

  [[nodiscard]] const PassingPlace& place() const { return place_; }
  void add(const Frame& frame);
  [[nodiscard]] const std::vector<Probe>& frames() const { return frames_; }
  /// The same seen the other way round: the pattern is the scene, and what hides it is the mark.
  [[nodiscard]] std::vector<Probe> inverted() const;

 private:
  void compare(const Field& luma, Probe& out) const;

  PassingPlace place_;
  std::vector<EdgeSample> strongest_;
  int reduction_;
  Box window_;  // what is looked at, on the reduced grid
  std::vector<Probe> frames_;
};

}  // namespace cleanplate
