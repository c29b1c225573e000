/// @file
/// A device before another one, which times every launch.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "device/device_core.h"

namespace bench {

/// Of one kernel.
struct Launched {
  int launches = 0;
  double seconds = 0, bytes = 0;  ///< of all launches
};

/// Threads: any.
class TimedDevice : public cleanplate::DeviceCore {
 public:
  /// @param times  that each launch is run.
  TimedDevice(cleanplate::Device inner, int times) : inner_(std::move(inner)), times_(times) {}

  [[nodiscard]] std::string name() const override { return inner_.name(); }
  [[nodiscard]] cleanplate::MemoryInfo memory() const override { return inner_.core().memory(); }
  [[nodiscard]] cleanplate::Result<cleanplate::Stream> stream() override;
  [[nodiscard]] bool reaches_host_memory() const override {
    return inner_.core().reaches_host_memory();
  }
  /// By the kernels' names.
  [[nodiscard]] std::map<std::string, Launched> launched() const;

 protected:
  cleanplate::Result<void*> take(std::size_t bytes, cleanplate::Memory kind) override;
  void give_back(void* address, std::size_t bytes, cleanplate::Memory kind) noexcept override;

 private:
  class TimedStream;
  cleanplate::Device inner_;
  int times_;
  mutable std::mutex lock_;
  std::map<void*, cleanplate::Buffer> buffers_;
  std::map<std::string, Launched> launched_;
};

}  // namespace bench
