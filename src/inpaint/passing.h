/// @file
/// Where in a frame something passes before what is there otherwise.
#pragma once
#include <cleanplate/frame.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "inpaint/fill_crop.h"
#include "inpaint/propagate_motion.h"

namespace cleanplate {

/// A crop at a quarter of the luma's size, 8-bit code values: Y, Cb, Cr; chroma empty for grey.
using SmallPicture = std::array<std::vector<float>, 3>;

/// A frame near by in time.
struct TimeNeighbour {
  const SmallPicture* picture = nullptr;
  Motion motion;  ///< from the middle frame's luma places to this one's
};

/// Compares a frame with the median of those round it: where it differs far more than round the
/// hole, something passes. Threads: one object, one thread at a time.
class PassingFinder {
 public:
  static constexpr int unit = 4;  ///< luma samples to a side of a place
  PassingFinder(PixelFormat format, const HoleMasks& holes);

  void picture(const Crop& crop, SmallPicture& out) const;
  void find(const SmallPicture& middle, std::span<const TimeNeighbour> around);
  /// After `find`, for each place 0 (nothing passes in the middle frame) to 1; ⌈width/4⌉ ×
  /// ⌈height/4⌉ of the luma.
  [[nodiscard]] const std::vector<float>& passing() const { return passing_; }
  /// The same of any of the frames.
  [[nodiscard]] const std::vector<float>& restless() const { return restless_; }

 private:
  void add_averaged(const std::vector<float>& v, float weight, std::vector<float>& to) const;
  void judge(std::vector<float>& v);
  static constexpr std::size_t most_frames = 15;

  PixelFormat format_;
  int width_, height_;
  float scale_;
  std::vector<std::uint8_t> known_;
  std::vector<int> near_;  ///< places round the hole
  std::vector<std::array<float, most_frames>> seen_;
  std::vector<std::uint8_t> count_;
  std::vector<float> off_, spread_, usual_, passing_, restless_;
};

}  // namespace cleanplate
