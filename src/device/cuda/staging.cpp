#include "device/cuda/staging.h"

#include <algorithm>
#include <string>

#include "core/try.h"
#include "device/cuda/check.h"
#include "device/host_device.h"

namespace cleanplate {

namespace {
constexpr std::size_t least_slot = std::size_t{1} << 16;

std::size_t slot_size(std::size_t bytes) {
  std::size_t size = least_slot;
  while (size < bytes) size *= 2;
  return size;
}

void CUDART_CB copy_slot_rows(void* rows) { copy_rows(*static_cast<const Copy*>(rows)); }

cudaError_t copy_2d(const Copy& copy, void* to, std::size_t to_stride, const void* from,
                    std::size_t from_stride, cudaMemcpyKind kind, cudaStream_t stream) {
  return cudaMemcpy2DAsync(to, to_stride, from, from_stride, copy.row_bytes,
                           static_cast<std::size_t>(copy.rows), kind, stream);
}
std::size_t positive(std::ptrdiff_t stride) { return static_cast<std::size_t>(stride); }
}  // namespace

Staging::Slot::~Slot() {
  if (free) static_cast<void>(cudaEventDestroy(free));
  if (memory) static_cast<void>(cudaFreeHost(memory));
}

Staging::~Staging() = default;

Result<Staging::Slot*> Staging::take(std::size_t bytes) {
  Slot* oldest = nullptr;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i]->bytes < bytes) continue;
    const cudaError_t done = cudaEventQuery(slots_[i]->free);
    if (done != cudaSuccess && done != cudaErrorNotReady)
      return cuda_error(done, "while it copied");
    if (done == cudaErrorNotReady) {
      if (!oldest) oldest = slots_[i].get();
      continue;
    }
    std::rotate(slots_.begin() + static_cast<std::ptrdiff_t>(i),
                slots_.begin() + static_cast<std::ptrdiff_t>(i) + 1, slots_.end());
    return slots_.back().get();  // the order in which they were used last
  }
  const std::size_t size = slot_size(bytes);
  if (oldest && pinned_ + size > most_) {
    CP_CUDA(cudaEventSynchronize(oldest->free), "while it copied");
    return oldest;
  }
  auto slot = std::make_unique<Slot>();
  if (const cudaError_t code = cudaHostAlloc(&slot->memory, size, cudaHostAllocDefault);
      code != cudaSuccess) {
    slot->memory = nullptr;
    return cuda_error(code, "to pin " + std::to_string(size) + " bytes of the host's memory");
  }
  CP_CUDA(cudaEventCreateWithFlags(&slot->free, cudaEventDisableTiming), "to make an event");
  slot->bytes = size;
  pinned_ += size;
  slots_.push_back(std::move(slot));
  return slots_.back().get();
}

Result<void> Staging::upload(cudaStream_t stream, const Copy& copy) {
  const auto rows = static_cast<std::size_t>(copy.rows);
  CP_TRY(Slot * slot, take(copy.row_bytes * rows));
  slot->rows = copy;
  slot->rows.to = slot->memory;
  slot->rows.to_stride = static_cast<std::ptrdiff_t>(copy.row_bytes);
  CP_CUDA(cudaLaunchHostFunc(stream, copy_slot_rows, &slot->rows), "to copy to it");
  CP_CUDA(copy_2d(copy, copy.to, positive(copy.to_stride), slot->memory, copy.row_bytes,
                  cudaMemcpyHostToDevice, stream),
          "to copy to it");
  CP_CUDA(cudaEventRecord(slot->free, stream), "to copy to it");
  return {};
}

Result<void> Staging::download(cudaStream_t stream, const Copy& copy) {
  const auto rows = static_cast<std::size_t>(copy.rows);
  CP_TRY(Slot * slot, take(copy.row_bytes * rows));
  slot->rows = copy;
  slot->rows.from = slot->memory;
  slot->rows.from_stride = static_cast<std::ptrdiff_t>(copy.row_bytes);
  CP_CUDA(copy_2d(copy, slot->memory, copy.row_bytes, copy.from, positive(copy.from_stride),
                  cudaMemcpyDeviceToHost, stream),
          "to copy from it");
  CP_CUDA(cudaLaunchHostFunc(stream, copy_slot_rows, &slot->rows), "to copy from it");
  CP_CUDA(cudaEventRecord(slot->free, stream), "to copy from it");
  return {};
}

}  // namespace cleanplate
