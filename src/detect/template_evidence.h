/// @file
/// What a master is held against: the picture that a clip's frames have in common.
#pragma once
#include <cleanplate/frame.h>

#include <array>
#include <cstdint>
#include <vector>

#include "frame/field.h"

namespace cleanplate {

/// Gradients of one component's mean, each divided by how much it varies over time (and held to a
/// bound), so that what stays counts; at some reduction.
struct TemplateLevel {
  int reduction = 1;
  Field along_x, along_y;
  std::vector<double> power;  ///< sums of x²+y² over all above and left; (width+1) × (height+1)
  [[nodiscard]] double power_in(const Box& box) const;
};

/// Sums over frames, bounded memory. Threads: one object, one thread at a time.
class TemplateEvidence {
 public:
  TemplateEvidence(PixelFormat format, Size picture);
  void add(const Frame& frame);
  [[nodiscard]] int frames() const { return frames_; }
  [[nodiscard]] int components() const { return format_.components(); }
  /// On the luma grid, reduced. @param reduction  1, 2, 4, …
  [[nodiscard]] TemplateLevel level(int component, int reduction) const;

 private:
  struct Sums {  // on the component's grid; 8-bit levels
    Field values, power, now;
  };
  PixelFormat format_;
  Size picture_;
  int frames_ = 0;
  std::array<Sums, 3> sums_;
  std::vector<std::uint16_t> row_;
};

}  // namespace cleanplate
