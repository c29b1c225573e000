/// @file
/// The host as a device that counts what kernels and copies pass over.
#pragma once
#include <atomic>
#include <memory>
#include <utility>

#include "device/host_device.h"

namespace cost {

class CountingDevice : public cleanplate::HostDevice {
 public:
  CountingDevice()
      : HostDevice(cleanplate::runs_here(cleanplate::Simd::avx2) ? cleanplate::Simd::avx2
                                                                 : cleanplate::Simd::baseline,
                   1, std::size_t{1} << 30) {}

  cleanplate::Result<cleanplate::Stream> stream() override {
    return cleanplate::Stream(
        std::make_shared<Counting>(std::static_pointer_cast<CountingDevice>(shared_from_this())));
  }
  /// Samples that kernels were run over, and that were copied within, to and from the device.
  [[nodiscard]] std::int64_t samples() const { return samples_; }
  /// Calls of allocate.
  [[nodiscard]] std::int64_t allocations() const { return allocations_; }

 protected:
  cleanplate::Result<void*> take(std::size_t bytes, cleanplate::Memory kind) override {
    ++allocations_;
    return HostDevice::take(bytes, kind);
  }

 private:
  class Counting : public cleanplate::StreamCore {
   public:
    explicit Counting(std::shared_ptr<CountingDevice> device) : device_(std::move(device)) {}
    cleanplate::Result<void> launch(const cleanplate::Launch& launch) override {
      device_->samples_ += std::int64_t{launch.extent.width} * launch.extent.height;
      device_->run(launch);
      return {};
    }
    cleanplate::Result<void> copy(const cleanplate::Copy& copy) override {
      device_->samples_ += static_cast<std::int64_t>(copy.row_bytes) * copy.rows;
      cleanplate::copy_rows(copy);
      return {};
    }
    cleanplate::Result<void> call(const char*, cleanplate::Work work,
                                  std::span<const cleanplate::Access>) override {
      return work(nullptr);
    }
    cleanplate::Result<cleanplate::Event> record() override { return cleanplate::Event{}; }
    cleanplate::Result<void> wait_for(const cleanplate::Event&) override { return {}; }
    cleanplate::Result<void> wait() override { return {}; }

   private:
    std::shared_ptr<CountingDevice> device_;
  };
  std::atomic<std::int64_t> samples_{0}, allocations_{0};
};

}  // namespace cost
