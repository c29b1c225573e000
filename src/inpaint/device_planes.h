/// @file
/// Planes that the host works on, where a device's kernels read them.
#pragma once
#include <cleanplate/geometry.h>

#include <array>
#include <cstddef>

#include "core/try.h"
#include "device/device_core.h"

namespace cleanplate {

/// Rows of T in the host's memory, without gaps.
template <class T>
struct PlaneHere {
  const T* first = nullptr;
  int width = 0, height = 0;
};

/// Y, Cb, Cr, each on its own grid.
template <class T>
using PlanesHere = std::array<PlaneHere<T>, 3>;
template <class T>
using PlanesThere = std::array<DeviceView<const T>, 3>;

/// For a device that reaches the host's memory.
template <class T>
[[nodiscard]] PlanesThere<T> in_place(const PlanesHere<T>& here) {
  PlanesThere<T> out;
  for (std::size_t c = 0; c < out.size(); ++c) {
    const auto& [first, width, height] = here[c];
    out[c] = in_place(first, static_cast<std::ptrdiff_t>(sizeof(T)) * width, width, height);
  }
  return out;
}

/// The host's memory itself where the device reaches it, else a copy in memory that is kept for
/// the next planes. All are of one size.
/// Threads: one object, one thread and one stream at a time.
template <class T>
class DevicePlanes {
 public:
  /// Queues it; the host's memory stays as it is as long as it is read.
  /// @param there  where the same samples lie on the device already; none: they are sent.
  /// @param but    of those the boxes that are sent all the same, as they differ.
  /// @return `out_of_memory`, `device`.
  Result<void> take(const Device& device, Stream& stream, const PlanesHere<T>& here,
                    const PlanesThere<T>& there = {}, const std::array<Box, 3>& but = {}) {
    there_ = in_place(here);
    if (device.core().reaches_host_memory()) return {};
    CP_CHECK(make_room(device, here));
    std::size_t begin = 0;
    for (std::size_t c = 0; c < here.size(); begin += bytes_of(here[c++])) {
      const auto& [first, width, height] = here[c];
      if (!first) continue;
      const DeviceView<T> own = memory_.view<T>(width, height, begin);
      there_[c] = own;
      CP_CHECK(there[c].first ? stream.copy(own, there[c]) : stream.upload(own, first, own.stride));
      const Box& box = but[c];
      if (box.empty()) continue;
      const auto corner = static_cast<std::size_t>(box.y) * static_cast<std::size_t>(width) +
                          static_cast<std::size_t>(box.x);
      const DeviceView<T> part{memory_.view<T>(1, 1, begin + corner * sizeof(T)).first, own.stride,
                               box.width, box.height};
      CP_CHECK(stream.upload(part, first + corner, own.stride));
    }
    return {};
  }
  [[nodiscard]] const PlanesThere<T>& there() const { return there_; }

 private:
  static std::size_t bytes_of(const PlaneHere<T>& plane) {
    return static_cast<std::size_t>(plane.width) * static_cast<std::size_t>(plane.height) *
           sizeof(T);
  }
  Result<void> make_room(const Device& device, const PlanesHere<T>& here) {
    std::size_t bytes = 0;
    for (const PlaneHere<T>& plane : here) bytes += bytes_of(plane);
    if (bytes > memory_.bytes()) {
      CP_TRY(memory_, device.core().allocate(bytes));
    }
    return {};
  }

  PlanesThere<T> there_;
  Buffer memory_;
};

}  // namespace cleanplate
