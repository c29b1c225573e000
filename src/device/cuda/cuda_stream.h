/// @file
/// One of a card's streams.
#pragma once
#include <cuda_runtime_api.h>

#include <memory>

#include "device/cuda/cuda_device.h"
#include "device/cuda/staging.h"

namespace cleanplate {

/// Threads: one at a time.
class CudaStream : public StreamCore {
 public:
  [[nodiscard]] static Result<std::shared_ptr<CudaStream>> create(
      std::shared_ptr<CudaDevice> device);
  /// For `create`.
  CudaStream(std::shared_ptr<CudaDevice> device, cudaStream_t stream);
  /// Waits: what is queued uses the staging memory.
  ~CudaStream() override;

  Result<void> launch(const Launch& launch) override;
  Result<void> copy(const Copy& copy) override;
  Result<void> call(const char* name, Work work, std::span<const Access> touches) override;
  Result<Event> record() override;
  Result<void> wait_for(const Event& event) override;
  Result<void> wait() override;
  [[nodiscard]] void* native() const override { return stream_; }

 private:
  std::shared_ptr<CudaDevice> device_;
  cudaStream_t stream_;
  Staging staging_;
};

}  // namespace cleanplate
