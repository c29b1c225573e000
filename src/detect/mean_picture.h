/// @file
/// The picture that a clip's frames have in common.
#pragma once
#include <cleanplate/frame.h>

#include <array>

#include "frame/field.h"
#include "frame/picture.h"

namespace cleanplate {

/// Sums over frames, bounded memory. Threads: one object, one thread at a time.
class MeanPicture {
 public:
  /// Reduced to at most about 1440 columns, as EdgeStatistics does it.
  explicit MeanPicture(Size picture);
  void add(const Frame& frame);
  [[nodiscard]] int frames() const { return frames_; }
  /// Luma samples per sample of the mean, each way.
  [[nodiscard]] int reduction() const { return reduction_; }
  /// RGB by the first frame's colour. @return `out_of_memory`; `invalid_argument`: no frame yet.
  [[nodiscard]] Result<Picture> picture() const;
  /// Mean Cb and Cr, 8-bit levels, on their own grid; empty of grey frames.
  [[nodiscard]] std::array<Field, 2> chroma() const;

 private:
  Size picture_;
  int reduction_, frames_ = 0;
  PixelFormat format_;
  Colour colour_;
  Field luma_, chroma_[2];  // 8-bit levels, summed; chroma on the frame's own grid
  Field reduced_;           // one frame's luma
  std::vector<std::uint16_t> row_;
};

/// Half the size each way, by averaging.
[[nodiscard]] Picture halved(const Picture& rgb);

}  // namespace cleanplate
