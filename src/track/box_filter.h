/// @file
/// Where a box will be, from where it was seen.
#pragma once
#include <cleanplate/geometry.h>

#include <array>
#include <cstdint>

namespace cleanplate {

/// Kalman 1960, one filter for each of centre x, centre y, width and height: position and velocity
/// with white acceleration; a size keeps still.
class BoxFilter {
 public:
  BoxFilter(const Box& box, std::int64_t frame);
  /// @param frame  rising.
  void see(const Box& box, std::int64_t frame);
  /// In a later or earlier frame, at the velocity known now.
  [[nodiscard]] Box at(std::int64_t frame) const;
  /// Samples a frame; 0 as long as it may as well stand still.
  [[nodiscard]] double speed() const;

 private:
  struct Axis {
    double place = 0, speed = 0;
    std::array<double, 3> variance{4, 0, 16};  // of place, of both, of speed
    void predict(double frames, double acceleration);
    void correct(double seen);
  };
  std::array<Axis, 4> axes_;  // centre x, y, width, height
  std::int64_t frame_;
};

}  // namespace cleanplate
