/// @file
/// A place where a mark may be at times: what it adds to the frames that have it.
#pragma once
#include <cleanplate/frame.h>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "detect/pop_finder.h"

namespace cleanplate {

/// The gradients' means over short parts of the clip fall into two kinds where a mark comes and
/// goes, however many times, and however slowly: their first principal component tells them apart.
/// Memory: 64 parts of the place at most. Threads: one object, one thread at a time.
class PlaceStates {
 public:
  /// @param box  on the reduced grid, see passing_reduction.
  PlaceStates(const Box& box, int reduction, Size grid);
  void add(const Frame& frame);

  /// What the one kind of parts adds to the other, as PopFinder tells it; none where too little of
  /// it stands out of how much each kind varies.
  [[nodiscard]] std::optional<PassingPlace> place() const;

 private:
  /// Sums over `frames` frames of the window's gradients.
  struct Part {
    int frames = 0;
    std::array<std::vector<Slope>, planes> sums;
    void join(const Part& other);
  };
  [[nodiscard]] std::vector<bool> kinds() const;

  Box box_, window_;  // window_: with what is round it
  int reduction_;
  int length_ = 8;          // frames of a part
  std::size_t planes_ = 1;  // that the frames have
  std::vector<Part> parts_;
};

}  // namespace cleanplate
