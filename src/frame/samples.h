/// @file
/// What a Frame is a handle to.
#pragma once
#include <cleanplate/frame.h>

#include "frame/device_frames.h"
#include "frame/plane_memory.h"

namespace cleanplate {

/// In the host's memory, `own` or the owner's; or in a device's.
struct Frame::Samples {
  PixelFormat format;
  Size size;
  std::array<ComponentView, 3> views{};  ///< on a device without data
  SampleMemory own;
  std::shared_ptr<const void> owner;
  std::optional<DeviceFrames> among;  ///< whose memory `there` is
  Buffer there;

  Samples(PixelFormat f, Size s) : format(f), size(s) {}
  Samples(const Samples&) = delete;
  Samples& operator=(const Samples&) = delete;
  ~Samples() {
    if (among) among->give_back(std::move(there));
  }
  /// Lays the component views over the planes.
  void lay(const std::array<PlaneMemory, 3>& planes);
};

/// These samples with another picture's times, colour and side data.
[[nodiscard]] Frame with_properties_of(const Frame& picture, Frame samples);

}  // namespace cleanplate
