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

/// Y, Cb, Cr, each on its own grid: the host's memory itself where the device reaches it, else a
/// copy in memory that is kept for the next planes. All are of one size.
/// Threads: one object, one thread and one stream at a time.
template <class T>
class DevicePlanes {
 public:
  using Here = std::array<PlaneHere<T>, 3>;
  using There = std::array<DeviceView<const T>, 3>;

  /// Queues it; the host's memory stays as it is as long as it is read.
  /// @param there  where the same samples lie on the device already; none: they are sent.
  /// @param but    of those the boxes that are sent all the same, as they differ.
  /// @return `out_of_memory`, `device`.
  Result<void> take(const Device& device, Stream& stream, const Here& here, const There& there = {},
                    const std::array<Box, 3>& but = {}) {
    const bool in_reach = device.core().reaches_host_memory();
    if (!in_reach) CP_CHECK(make_room(device, here));
    std::size_t offset = 0;
    for (std::size_t c = 0; c < here.size(); ++c) {
      const auto& [first, width, height] = here[c];
      const auto row = static_cast<std::ptrdiff_t>(sizeof(T)) * width;
      there_[c] = in_place(first, row, width, height);
      if (in_reach || !first) continue;
      const DeviceView<T> own = memory_.view<T>(width, height, offset);
      offset += bytes_of(here[c]);
      there_[c] = own;
      CP_CHECK(there[c].first ? stream.copy(own, there[c]) : stream.upload(own, first, row));
      const Box& box = but[c];
      if (box.empty()) continue;
      const auto from = static_cast<std::size_t>(box.y) * static_cast<std::size_t>(width) +
                        static_cast<std::size_t>(box.x);
      DeviceView<T> part =
          memory_.view<T>(box.width, 1, offset - bytes_of(here[c]) + from * sizeof(T));
      part.height = box.height, part.stride = row;
      CP_CHECK(stream.upload(part, first + from, row));
    }
    return {};
  }
  [[nodiscard]] const There& there() const { return there_; }

 private:
  static std::size_t bytes_of(const PlaneHere<T>& plane) {
    return static_cast<std::size_t>(plane.width) * static_cast<std::size_t>(plane.height) *
           sizeof(T);
  }
  Result<void> make_room(const Device& device, const Here& here) {
    std::size_t bytes = 0;
    for (const PlaneHere<T>& plane : here) bytes += bytes_of(plane);
    if (bytes > memory_.bytes()) {
      CP_TRY(memory_, device.core().allocate(bytes));
    }
    return {};
  }

  There there_;
  Buffer memory_;
};

}  // namespace cleanplate
