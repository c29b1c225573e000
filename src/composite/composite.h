/// @file
/// Writes restored samples into a frame, and nothing else.
#pragma once
#include <cleanplate/frame.h>

#include "frame/device_words.h"

namespace cleanplate {

/// Samples whose mask is 0 keep every bit; the frame stays in its own planes, depth and layout.
/// Threads: one object, one thread and one stream at a time.
class Composite {
 public:
  explicit Composite(const Device& device) : words_(device) {}

  /// Queues the writing: the frame and this must live, and nobody may look at the frame, until the
  /// stream has got there (Stream::wait).
  /// @param frame  Frame::allocate's or writable_copy's, with no other owner.
  /// @param component  0 Y, 1 Cb, 2 Cr. @param box  in that component's samples, inside it.
  /// @param restored  the box's size; code values 0 … 2^bits − 1.
  /// @param mask  the box's size; 0 untouched … 255 wholly restored, a mixture between.
  /// @return `invalid_argument`, `out_of_memory`, `device`; the frame keeps its samples.
  Result<void> write(Stream& stream, Frame& frame, int component, const Box& box,
                     const DeviceView<const std::uint16_t>& restored,
                     const DeviceView<const std::uint8_t>& mask);

 private:
  DeviceWords words_;
};

}  // namespace cleanplate
