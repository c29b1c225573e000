/// @file
/// What a Frame is a handle to.
#pragma once
#include <cleanplate/frame.h>

#include <functional>

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
  /// @param memory  of so many bytes; null: there is not enough. Throws bad_alloc then.
  static std::shared_ptr<Samples> make(PixelFormat format, Size size,
                                       const std::function<SampleMemory(std::size_t)>& memory);
  /// Lays the component views over the planes.
  void lay(const std::array<PlaneMemory, 3>& planes);
};

/// In the host's memory, of one format and size. @param to  may be written.
void copy_rows(const Frame& from, Frame& to);
/// These samples with another picture's times, colour and side data.
[[nodiscard]] Frame with_properties_of(const Frame& picture, Frame samples);

}  // namespace cleanplate
