/// @file
/// Frames as the batch of square pictures that a network is given, made where the network works.
#pragma once
#include <cleanplate/frame.h>

#include <array>

#include "detect/letterbox.h"
#include "frame/sample_reader.h"
#include "infer/device_tensor.h"

namespace cleanplate {

/// A frame on the device is read there; one in the host's memory goes up as it is coded.
/// Threads: one object, one thread and one stream at a time.
class LetterboxBatch {
 public:
  /// @return `out_of_memory`, `device`.
  [[nodiscard]] static Result<LetterboxBatch> create(const Device& device, const Letterbox& square,
                                                     int pictures);

  /// Queues the making of one picture; the frame and this must live until the stream has got there.
  /// @param frame  of the size that the square is for; in the host's memory or on the device.
  /// @return `out_of_memory`, `device`, `invalid_argument`.
  Result<void> lay(Stream& stream, int picture, const Frame& frame);
  /// N × 3 × side × side, RGB 0…1.
  [[nodiscard]] const DeviceTensor& pictures() const { return pictures_; }

 private:
  LetterboxBatch(const Device& device, const Letterbox& square)
      : device_(device), square_(square), reader_(device) {}

  Device device_;
  Letterbox square_;
  SampleReader reader_;
  Buffer samples_;  // of one frame's components
  DeviceTensor pictures_;
};

}  // namespace cleanplate
