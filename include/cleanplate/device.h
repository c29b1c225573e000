/// @file
/// Where pixel work runs: the host's cores, or a CUDA card.
#pragma once
#include <cleanplate/options.h>
#include <cleanplate/result.h>

#include <cstdint>
#include <memory>
#include <string>

namespace cleanplate {

class DeviceCore;

/// A reference-counted handle; copies share the device. Threads: any.
class Device {
 public:
  Device() = default;
  /// @param options  `device`, `simd`, `threads`, `max_memory`.
  /// @return `device`: no such device here, with the reason.
  [[nodiscard]] static Result<Device> open(const Options& options);
  /// Wraps a core; for the library's own tests and for new kinds of device.
  explicit Device(std::shared_ptr<DeviceCore> core) : core_(std::move(core)) {}

  explicit operator bool() const { return core_ != nullptr; }
  /// "cpu (avx2, 2 threads)".
  [[nodiscard]] std::string name() const;
  [[nodiscard]] DeviceCore& core() const { return *core_; }

 private:
  std::shared_ptr<DeviceCore> core_;
};

}  // namespace cleanplate
