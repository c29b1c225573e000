/// @file
/// A box of a frame as planar code values.
#pragma once
#include <cleanplate/frame.h>

#include <cstdint>
#include <vector>

#include "device/device_core.h"
#include "frame/device_words.h"

namespace cleanplate {

/// Threads: one object, one thread and one stream at a time.
class SampleReader {
 public:
  explicit SampleReader(const Device& device) : device_(device), words_(device) {}

  /// Queues the reading; the frame and this must live until the stream has got there.
  /// @param component  0 Y, 1 Cb, 2 Cr. @param box  in that component's samples, inside it.
  /// @param out  the box's size; code values 0 … 2^bits − 1 at any layout and shift.
  /// @return `invalid_argument`, `out_of_memory`, `device`.
  Result<void> read(Stream& stream, const Frame& frame, int component, const Box& box,
                    const DeviceView<std::uint16_t>& out);
  /// The same, into the host's memory, and waited for; of a frame on a device the box comes down.
  /// @param there  kept from call to call; of use for frames on a device. @param out  row by row.
  Result<void> bring(Stream& stream, const Frame& frame, int component, const Box& box,
                     Buffer& there, std::vector<std::uint16_t>& out);

 private:
  Device device_;
  DeviceWords words_;
};

}  // namespace cleanplate
