#include "device/cuda/exchange.h"

#include <algorithm>

#include "core/try.h"
#include "device/cuda/check.h"
#include "device/host_device.h"

namespace cleanplate {

/// As CP_CUDA; nobody takes over from a card that fails here.
#define CP_EXCHANGED(call, tried)                                 \
  if (const cudaError_t cp_code = (call); cp_code != cudaSuccess) \
  return cuda_error(cp_code, tried, not_copied)

namespace {
// Half a millisecond of the bus, and a fraction of a 4K plane.
constexpr std::size_t slot_bytes = std::size_t{4} << 20;

/// Calls use(strip) for rows of the plane that fit a slot. A row of 32768 pairs of words does.
template <class Use>
Result<void> each_strip(std::span<const Copy> planes, Use&& use) {
  for (const Copy& plane : planes) {
    if (plane.row_bytes == 0 || plane.row_bytes > slot_bytes)
      return Error{Code::invalid_argument, "device",
                   "A row of " + std::to_string(plane.row_bytes) + " bytes cannot be copied."};
    const int most = static_cast<int>(slot_bytes / plane.row_bytes);
    for (int y = 0; y < plane.rows; y += most) {
      Copy strip = plane;
      strip.to = static_cast<std::byte*>(plane.to) + y * plane.to_stride;
      strip.from = static_cast<const std::byte*>(plane.from) + y * plane.from_stride;
      strip.rows = std::min(most, plane.rows - y);
      CP_CHECK(use(strip));
    }
  }
  return {};
}
}  // namespace

Exchange::Slot::~Slot() {
  if (under_way) static_cast<void>(cudaEventSynchronize(reached));
  if (reached) static_cast<void>(cudaEventDestroy(reached));
  if (memory) static_cast<void>(cudaFreeHost(memory));
}

Exchange::~Exchange() = default;

Result<void> Exchange::finish(Slot& slot) {
  if (!slot.under_way) return {};
  CP_EXCHANGED(cudaEventSynchronize(slot.reached), "while it copied");
  slot.under_way = false;
  if (slot.rows.rows > 0) copy_rows(slot.rows);
  slot.rows.rows = 0;
  return {};
}

Result<Exchange::Slot*> Exchange::take() {
  CP_TRY(Slot * slot, take_event());
  if (slot->memory) return slot;
  void* memory = nullptr;
  CP_EXCHANGED(cudaHostAlloc(&memory, slot_bytes, cudaHostAllocDefault),
               "to pin " + std::to_string(slot_bytes) + " bytes of the host's memory");
  slot->memory = memory;
  return slot;
}

Result<Exchange::Slot*> Exchange::take_event() {
  Slot& slot = slots_[next_];
  CP_CHECK(finish(slot));
  if (!slot.reached) {
    cudaEvent_t event = nullptr;
    // A thread that waits for it sleeps.
    CP_EXCHANGED(cudaEventCreateWithFlags(&event, cudaEventDisableTiming | cudaEventBlockingSync),
                 "to make an event");
    slot.reached = event;
  }
  next_ = (next_ + 1) % slots_.size();
  return &slot;
}

void Exchange::abandon(cudaStream_t stream) {
  static_cast<void>(cudaStreamSynchronize(stream));
  for (Slot& slot : slots_) {
    // An upload of an earlier call, in another stream perhaps.
    if (slot.under_way) static_cast<void>(cudaEventSynchronize(slot.reached));
    slot.under_way = false;
    slot.rows.rows = 0;
  }
}

Result<void> Exchange::download(cudaStream_t stream, cudaEvent_t after,
                                std::span<const Copy> planes) {
  if (after) CP_EXCHANGED(cudaStreamWaitEvent(stream, after, 0), "to wait for the picture's event");
  auto done = each_strip(planes, [&](const Copy& strip) -> Result<void> {
    CP_TRY(Slot * slot, take());
    CP_EXCHANGED(
        cudaMemcpy2DAsync(slot->memory, strip.row_bytes, strip.from,
                          static_cast<std::size_t>(strip.from_stride), strip.row_bytes,
                          static_cast<std::size_t>(strip.rows), cudaMemcpyDeviceToHost, stream),
        "to copy from it");
    CP_EXCHANGED(cudaEventRecord(slot->reached, stream), "to copy from it");
    slot->under_way = true;
    slot->rows = strip;
    slot->rows.from = slot->memory;
    slot->rows.from_stride = static_cast<std::ptrdiff_t>(strip.row_bytes);
    return {};
  });
  for (std::size_t i = 0; done && i < slots_.size(); ++i)  // the oldest first
    done = finish(slots_[(next_ + i) % slots_.size()]);
  if (!done) abandon(stream);
  return done;
}

Result<void> Exchange::upload(cudaStream_t stream, std::span<const Copy> planes, cudaEvent_t then) {
  auto done = each_strip(planes, [&](const Copy& strip) -> Result<void> {
    CP_TRY(Slot * slot, take());
    Copy host = strip;
    host.to = slot->memory;
    host.to_stride = static_cast<std::ptrdiff_t>(strip.row_bytes);
    copy_rows(host);
    CP_EXCHANGED(
        cudaMemcpy2DAsync(strip.to, static_cast<std::size_t>(strip.to_stride), slot->memory,
                          strip.row_bytes, strip.row_bytes, static_cast<std::size_t>(strip.rows),
                          cudaMemcpyHostToDevice, stream),
        "to copy to it");
    CP_EXCHANGED(cudaEventRecord(slot->reached, stream), "to copy to it");
    slot->under_way = true;
    return {};
  });
  if (done && then)
    if (const cudaError_t code = cudaEventRecord(then, stream); code != cudaSuccess)
      done = cuda_error(code, "to record the picture's event", not_copied);
  if (!done) abandon(stream);
  return done;
}

Result<void> Exchange::within(cudaStream_t stream, cudaEvent_t after, std::span<const Copy> planes,
                              cudaEvent_t then) {
  auto copied = [&]() -> Result<void> {
    CP_TRY(Slot * slot, take_event());
    if (after)
      CP_EXCHANGED(cudaStreamWaitEvent(stream, after, 0), "to wait for the picture's event");
    for (const Copy& plane : planes)
      CP_EXCHANGED(
          cudaMemcpy2DAsync(plane.to, static_cast<std::size_t>(plane.to_stride), plane.from,
                            static_cast<std::size_t>(plane.from_stride), plane.row_bytes,
                            static_cast<std::size_t>(plane.rows), cudaMemcpyDeviceToDevice, stream),
          "to copy within itself");
    if (then) CP_EXCHANGED(cudaEventRecord(then, stream), "to record the picture's event");
    CP_EXCHANGED(cudaEventRecord(slot->reached, stream), "to copy within itself");
    slot->under_way = true;
    return finish(*slot);
  }();
  if (!copied) abandon(stream);
  return copied;
}

}  // namespace cleanplate
