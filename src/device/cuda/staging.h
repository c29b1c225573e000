/// @file
/// Pinned memory through which a stream copies to and from the host's pageable memory.
#pragma once
#include <cuda_runtime_api.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "device/device_core.h"

namespace cleanplate {

/// The host's side of a copy is made by a function in the stream's own order, so that the calling
/// thread never waits for the card, and an upload sees what a download before it wrote.
/// Slots are kept, so that nothing is allocated once a stream has warmed up.
/// Threads: one stream, one thread at a time.
class Staging {
 public:
  /// @param most  bytes that may be pinned before a copy waits for an older one's slot.
  explicit Staging(std::size_t most) : most_(most) {}
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  /// The stream's work must be done.
  ~Staging();

  Result<void> upload(cudaStream_t stream, const Copy& copy);
  Result<void> download(cudaStream_t stream, const Copy& copy);
  [[nodiscard]] std::size_t pinned() const { return pinned_; }

 private:
  struct Slot {
    void* memory = nullptr;
    std::size_t bytes = 0;
    cudaEvent_t free = nullptr;  ///< reached when the last copy through it is made
    Copy rows;                   ///< the host's side
    Slot() = default;
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot();
  };
  /// A slot that nothing uses; the oldest, waited for, once `most` is pinned.
  Result<Slot*> take(std::size_t bytes);

  std::size_t most_, pinned_ = 0;
  std::vector<std::unique_ptr<Slot>> slots_;
};

}  // namespace cleanplate
