/// @file
/// Crops as one picture, enlarged, for the eye.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "crop.h"

namespace quality {

/// Crops in the order they were added, enlarged: from left to right, or wide ones (lines of text)
/// one below another.
class Strip {
 public:
  /// @param luma_weights  Kr and Kb. @param times  how often their size.
  Strip(std::array<float, 2> luma_weights, int bits, int times = 3)
      : luma_(luma_weights), bits_(bits), times_(times) {}
  void add(const Crop& crop);
  void write(const std::string& path) const;

 private:
  std::array<float, 2> luma_;
  int bits_, times_;
  std::vector<Crop> crops_;
};

}  // namespace quality
