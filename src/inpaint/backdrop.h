/// @file
/// What stays in view round a hole while things pass before it.
#pragma once
#include <cleanplate/frame.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "inpaint/propagate_gather.h"

namespace cleanplate {

/// A picture at half the luma's size, 8-bit code values, its hole filled smoothly: luma, how rough
/// it is below that size, Cb, Cr. Chroma is empty for grey. The median over some frames.
using Backdrop = std::array<std::vector<float>, 4>;

/// Threads: one object, one thread at a time.
class BackdropFinder {
 public:
  BackdropFinder(PixelFormat format, const HoleMasks& holes);

  /// @param around  the frame first, then others, registered to it; six at most count.
  [[nodiscard]] Backdrop find(std::span<const Neighbour> around);

 private:
  void halve(const Crop& crop, Backdrop& half) const;
  template <class Use>
  void over_common(const Motion& motion, Use&& use) const;

  PixelFormat format_;
  int width_, height_;
  float scale_;
  std::vector<std::uint8_t> known_;
  Backdrop there_;
};

}  // namespace cleanplate
