/// @file
/// Frames whose samples lie in a device's memory.
#pragma once
#include <cleanplate/device.h>
#include <cleanplate/frame.h>

#include <memory>

#include "device/device_core.h"

namespace cleanplate {

/// As a card has them (card_format): one block of rows from the top down, each plane right below
/// the one before, as NVENC wants it. The memory comes back with a frame's last handle and is given
/// again, so that nothing is allocated once it has warmed up, and NVENC gets to know few addresses.
/// Whoever writes a frame's samples waits for them before handing it on: a frame that one has can
/// be read, by any stream.
/// Threads: any. A handle: copies share the memory.
class DeviceFrames {
 public:
  /// @param format  what card_format gives.
  [[nodiscard]] static Result<DeviceFrames> create(const Device& device, PixelFormat format,
                                                   Size size);

  /// Samples undefined, one owner. @return `out_of_memory`, `device`.
  [[nodiscard]] Result<Frame> take() const;
  /// A frame of these, or one in the host's memory of this format or its planar_format: the same
  /// picture in memory of its own. @return the same.
  [[nodiscard]] Result<Frame> copy(const Frame& frame) const;
  /// A frame of these in the host's memory, as planar_format. @return the same.
  [[nodiscard]] Result<Frame> bring_down(const Frame& frame) const;

  [[nodiscard]] bool have(const Frame& frame) const;
  [[nodiscard]] const Device& device() const;
  [[nodiscard]] PixelFormat format() const;
  [[nodiscard]] Size size() const;

  /// The device of any frame that lies on one, else null.
  [[nodiscard]] static const Device* device_of(const Frame& frame);
  /// The plane that holds a component.
  [[nodiscard]] static int plane_of(PixelFormat format, int component);
  /// A plane's rows of a frame on a device, as bytes.
  [[nodiscard]] static DeviceView<const std::byte> rows(const Frame& frame, int plane);
  /// The same to write to; empty unless this handle may, as Frame::writable.
  [[nodiscard]] static DeviceView<std::byte> writable_rows(Frame& frame, int plane);

 private:
  friend class Frame;
  struct State;
  explicit DeviceFrames(std::shared_ptr<State> state) : state_(std::move(state)) {}
  void give_back(Buffer memory) const noexcept;
  template <class Use>
  Result<void> with_stream(Use&& use) const;
  std::shared_ptr<State> state_;
};

/// What Frame::to_host gives.
[[nodiscard]] PixelFormat host_format(const Frame& frame);
/// @return `invalid_argument`: the frame lies on a device, and host code was to look at it.
[[nodiscard]] Result<void> in_host_memory(const Frame& frame, const char* stage);

}  // namespace cleanplate
