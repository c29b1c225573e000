/// @file
/// A box of a frame's component where kernels can reach it.
#pragma once
#include <cleanplate/frame.h>

#include <cstdint>

#include "core/try.h"
#include "device/device_core.h"

namespace cleanplate {

/// Which words a component is made of.
template <class T, int S>
struct Words {
  using Type = T;
  static constexpr int step = S;
};

/// Calls use(Words<T, Step>{}) for the component's kind of words.
template <class Use>
Result<void> with_words(const PixelFormat& format, int step, Use&& use) {
  if (format.bits > 8)
    return step == 2 ? use(Words<std::uint16_t, 2>{}) : use(Words<std::uint16_t, 1>{});
  return step == 2 ? use(Words<std::uint8_t, 2>{}) : use(Words<std::uint8_t, 1>{});
}

/// @return `invalid_argument`: no such component, a box that is empty or reaches outside it,
///         or 16-bit samples at odd addresses.
[[nodiscard]] Result<void> check_box(const Frame& frame, int component, const Box& box);

/// Declares that the calling thread now reads or writes the frame's samples,
/// DeviceCore::host_touches: by whoever takes a frame over from a stream, after Stream::wait.
void host_touches(const Device& device, const Frame& frame, Touch touch);

/// The frame's own memory where the device reaches it (the host's, or the frame lies there), else a
/// copy in a buffer that is kept and grows. The frame and this must live until the stream's work is
/// done. Threads: one object, one thread and one stream at a time.
class DeviceWords {
 public:
  explicit DeviceWords(Device device) : device_(std::move(device)) {}

  /// A component's sample 0,0: where kernels reach it, or in the host's memory.
  template <class Byte>
  struct Origin {
    Byte* first;
    bool reached;
  };
  /// @return `invalid_argument`: the frame lies on another device.
  [[nodiscard]] Result<Origin<const std::byte>> origin(const Frame& frame, int component) const;
  /// The same to write to; null where the frame is read-only.
  [[nodiscard]] Result<Origin<std::byte>> writable_origin(Frame& frame, int component) const;

  /// @return `out_of_memory`.
  template <class T, int Step, class Byte>
  Result<DeviceView<T, Step>> bring(Stream& stream, const Origin<Byte>& origin,
                                    std::ptrdiff_t stride, const Box& box) {
    T* const corner = at(reinterpret_cast<T*>(origin.first), stride, box, Step);
    if (origin.reached) return in_place<T, Step>(corner, stride, box.width, box.height);
    using Plain = std::remove_const_t<T>;
    const int row = (box.width - 1) * Step + 1;
    CP_TRY(const auto packed, room<Plain>(stream, row, box.height));
    const DeviceView<Plain, Step> view{packed.first, packed.stride, box.width, box.height};
    CP_CHECK(stream.upload(view, corner, stride));
    return DeviceView<T, Step>(view);
  }

  /// After a kernel has written what `bring` gave; nothing to do in place.
  template <class T, int Step>
  Result<void> take_back(Stream& stream, const Origin<std::byte>& origin, std::ptrdiff_t stride,
                         const Box& box, const DeviceView<T, Step>& view) {
    if (origin.reached) return {};
    return stream.download(at(reinterpret_cast<T*>(origin.first), stride, box, Step), stride, view);
  }

 private:
  [[nodiscard]] Result<void> check_device(const Frame& frame) const;
  template <class T>
  static T* at(T* first, std::ptrdiff_t stride, const Box& box, int step) {
    using Byte = std::conditional_t<std::is_const_v<T>, const std::byte, std::byte>;
    auto* row = reinterpret_cast<T*>(reinterpret_cast<Byte*>(first) + box.y * stride);
    return row + static_cast<std::ptrdiff_t>(box.x) * step;
  }
  template <class T>
  Result<DeviceView<T>> room(Stream& stream, int width, int height) {
    const auto bytes =
        static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * sizeof(T);
    if (bytes > buffer_.bytes()) {
      CP_CHECK(stream.wait());  // the old buffer may still be worked on
      CP_TRY(buffer_, device_.core().allocate(bytes));
    }
    return buffer_.view<T>(width, height);
  }

  Device device_;
  Buffer buffer_;
};

}  // namespace cleanplate
