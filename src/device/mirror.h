/// @file
/// Rows that host code and kernels both work on.
#pragma once
#include <algorithm>
#include <vector>

#include "core/try.h"
#include "device/device_core.h"
#include "device/rows.h"

namespace cleanplate {

/// One picture of T, packed, on the host and on the device: the same memory where the device
/// reaches the host's, else a copy at each side. Memory grows and is kept, so that a mirror used
/// for frame after frame stops allocating.
/// Threads: one object, one thread at a time.
template <class T>
class Mirror {
 public:
  /// Contents are undefined after. All work on it must be done (Stream::wait).
  /// @return `out_of_memory`: nothing has changed.
  Result<void> resize(const Device& device, int width, int height) {
    return guarded("device", [&]() -> Result<void> {
      const auto count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
      const bool same = core_ == &device.core();
      if (!device.core().reaches_host_memory() && (!same || count * sizeof(T) > remote_.bytes())) {
        CP_TRY(remote_, device.core().allocate(std::max<std::size_t>(count, 1) * sizeof(T)));
      }
      if (count > rows_.size()) rows_.resize(count);
      device_ = device;
      core_ = &device.core();
      width_ = width;
      height_ = height;
      return {};
    });
  }

  /// For host code to read or write now; rows of `width()`.
  [[nodiscard]] T* host(Touch touch) {
    core_->host_touches(rows_.data(), bytes(), touch);
    return rows_.data();
  }
  /// For kernels.
  [[nodiscard]] DeviceView<T> view() {
    if (core_->reaches_host_memory()) return in_place(rows_.data(), row_bytes(), width_, height_);
    return remote_.view<T>(width_, height_);
  }
  /// After host code has written. Free of cost in place.
  Result<void> to_device(Stream& stream) {
    if (core_->reaches_host_memory()) return {};
    return stream.upload(view(), rows_.data(), row_bytes());
  }
  /// Some rows of it.
  Result<void> to_device(Stream& stream, int first, int count) {
    if (core_->reaches_host_memory()) return {};
    return stream.upload(rows_of(view(), first, count),
                         rows_.data() + std::ptrdiff_t{first} * width_, row_bytes());
  }
  /// Before host code reads; then Stream::wait.
  Result<void> to_host(Stream& stream) {
    if (core_->reaches_host_memory()) return {};
    return stream.download(rows_.data(), row_bytes(), view());
  }

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }

 private:
  [[nodiscard]] std::ptrdiff_t row_bytes() const {
    return static_cast<std::ptrdiff_t>(static_cast<std::size_t>(width_) * sizeof(T));
  }
  [[nodiscard]] std::size_t bytes() const {
    return static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * sizeof(T);
  }

  Device device_;  // keeps the core alive
  DeviceCore* core_ = nullptr;
  std::vector<T> rows_;
  Buffer remote_;
  int width_ = 0, height_ = 0;
};

}  // namespace cleanplate
