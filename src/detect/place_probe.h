/// @file
/// Frame by frame: whether what was once seen at a place is there.
#pragma once
#include <cleanplate/frame.h>

#include <array>
#include <cstddef>
#include <vector>

#include "detect/pop_finder.h"

namespace cleanplate {

/// What one plane of a frame says of one place.
struct Probe {
  float gain = 0;    ///< the frame's gradient along the place's: 1 as it was seen, 0 gone
  float error = 1;   ///< standard error of the gain, from what else the frame shows there
  float alike = 0;   ///< normalised correlation of the strongest edges, −1…1
  float unlike = 0;  ///< the same of the place without the pattern: where it is gone, 1
  float around = 0;  ///< mean round the place, 8-bit levels
};

/// Threads: one object, one thread at a time.
class PlaceProbe {
 public:
  PlaceProbe(PassingPlace place, int reduction, Size grid);

  [[nodiscard]] const PassingPlace& place() const { return place_; }
  void add(const Frame& frame);
  /// Whether the place's pattern is seen in a plane, rather than that plane's noise or blocks.
  [[nodiscard]] bool shows(std::size_t plane) const;
  /// Empty where the plane does not show it. Y, Cb, Cr.
  [[nodiscard]] const std::vector<Probe>& frames(std::size_t plane) const { return frames_[plane]; }
  /// The same seen the other way round: the pattern is the scene, and what hides it is the mark.
  [[nodiscard]] std::vector<Probe> inverted(std::size_t plane) const;

 private:
  [[nodiscard]] Probe probed(const Frame& frame, std::size_t plane) const;
  /// @param seen  the plane in the window.
  void compare(const Field& seen, std::size_t plane, Probe& out) const;

  PassingPlace place_;
  std::vector<EdgeSample> strongest_;
  int reduction_;
  Box window_;  // what is looked at, on the reduced grid
  std::array<std::vector<Probe>, planes> frames_;
};

}  // namespace cleanplate
