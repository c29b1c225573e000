/// @file
/// A CUDA card.
#pragma once
#include <cuda_runtime_api.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "device/cuda/exchange.h"
#include "device/device_core.h"

namespace cleanplate {

/// Works in the card's primary context, which libtorch and FFmpeg use too, with a memory pool of
/// its own. Each stream is one of CUDA's; no call waits for the whole device.
/// After an error that CUDA does not recover from every call fails with `device`.
/// Threads: any.
class CudaDevice : public DeviceCore {
 public:
  /// @param fraction  0…1 of the memory that is free now. @return as open_cuda.
  [[nodiscard]] static Result<std::shared_ptr<CudaDevice>> create(int card, double fraction);
  /// For `create`.
  CudaDevice(int card, std::string name) : card_(card), name_(std::move(name)) {}
  ~CudaDevice() override;

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] MemoryInfo memory() const override;
  [[nodiscard]] Result<Stream> stream() override;
  [[nodiscard]] std::optional<int> card() const override { return card_; }
  [[nodiscard]] bool reaches_host_memory() const override { return false; }
  Result<void> bring_in(const Outside& work, std::span<const Copy> planes) override;
  Result<void> hand_out(const Outside& work, std::span<const Copy> planes) override;
  /// CUDA's current card is a thread's own.
  [[nodiscard]] Result<void> enter() const;

 protected:
  Result<void*> take(std::size_t bytes, Memory kind) override;
  void give_back(void* address, std::size_t bytes, Memory kind) noexcept override;

 private:
  Result<void> set_up(double fraction);
  [[nodiscard]] bool from_pool(Memory kind) const { return pool_ && kind == Memory::work; }
  /// A kernel's result from the card against the host's.
  Result<void> try_out();
  /// Calls use(exchange) with one that no other thread has, on this card.
  template <class Use>
  Result<void> with_exchange(const Outside& work, Use&& use);

  int card_;
  std::string name_;
  std::size_t capacity_ = 0, card_memory_ = 0;
  std::atomic<std::size_t> used_{0};
  cudaStream_t memory_stream_ = nullptr;
  cudaMemPool_t pool_ = nullptr;
  std::mutex exchanges_lock_;
  std::vector<std::unique_ptr<Exchange>> idle_exchanges_;
};

}  // namespace cleanplate
