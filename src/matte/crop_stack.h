/// @file
/// The same place in many frames: what an overlay is estimated from.
#pragma once
#include <cleanplate/frame.h>

#include <array>
#include <cstdint>
#include <vector>

#include "frame/field.h"

namespace cleanplate {

/// Code values of one box in `frames` frames, per component on its own grid.
class CropStack {
 public:
  /// @param box  luma samples inside the picture; grown to whole chroma samples.
  CropStack(PixelFormat format, Size picture, const Box& box);
  void add(const Frame& frame);
  /// The box moved by so many luma samples, between samples by interpolation; nothing is added
  /// where it leaves the picture.
  void add(const Frame& frame, double dx, double dy);

  [[nodiscard]] PixelFormat format() const { return format_; }
  [[nodiscard]] int frames() const { return frames_; }
  [[nodiscard]] const Box& box(int component) const {
    return boxes_[static_cast<std::size_t>(component)];
  }
  [[nodiscard]] const std::uint16_t* samples(int component, int frame) const;
  /// One frame's component as numbers.
  [[nodiscard]] Field field(int component, int frame) const;
  [[nodiscard]] Field mean(int component) const;
  /// All components' means on the luma grid, 8-bit levels.
  [[nodiscard]] std::vector<Field> mean_picture() const;
  [[nodiscard]] std::size_t bytes() const;
  /// Only these frames.
  [[nodiscard]] CropStack of(const std::vector<int>& frames) const;
  /// Only this part. @param box  luma samples inside the stack's box, as the constructor's.
  [[nodiscard]] CropStack cut(const Box& box, Size picture) const;
  /// At half the size, by area means; only the boxes' sizes mean something then.
  [[nodiscard]] CropStack halved() const;
  /// Bytes that one more frame takes.
  [[nodiscard]] static std::size_t bytes_per_frame(PixelFormat format, Size picture,
                                                   const Box& box);

 private:
  PixelFormat format_;
  int frames_ = 0;
  std::array<Box, 3> boxes_{};
  std::array<std::vector<std::uint16_t>, 3> samples_;
};

}  // namespace cleanplate
