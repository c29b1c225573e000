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

/// The frame's own memory where the device reaches it, else a copy in a buffer that is kept and
/// grows. The frame and this must live until the stream's work is done.
/// Threads: one object, one thread and one stream at a time.
class DeviceWords {
 public:
  explicit DeviceWords(Device device) : device_(std::move(device)) {}

  /// `first`: the component's sample 0,0. @return `out_of_memory`.
  template <class T, int Step>
  Result<DeviceView<T, Step>> bring(Stream& stream, T* first, std::ptrdiff_t stride,
                                    const Box& box) {
    T* const corner = at(first, stride, box, Step);
    if (device_.core().reaches_host_memory())
      return in_place<T, Step>(corner, stride, box.width, box.height);
    using Plain = std::remove_const_t<T>;
    const int row = (box.width - 1) * Step + 1;
    CP_TRY(const auto packed, room<Plain>(stream, row, box.height));
    const DeviceView<Plain, Step> view{packed.first, packed.stride, box.width, box.height};
    CP_CHECK(stream.upload(view, corner, stride));
    return DeviceView<T, Step>(view);
  }

  /// After a kernel has written what `bring` gave; nothing to do in place.
  template <class T, int Step>
  Result<void> take_back(Stream& stream, T* first, std::ptrdiff_t stride, const Box& box,
                         const DeviceView<T, Step>& view) {
    if (device_.core().reaches_host_memory()) return {};
    return stream.download(at(first, stride, box, Step), stride, view);
  }

 private:
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
