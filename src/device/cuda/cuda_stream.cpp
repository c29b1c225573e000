#include "device/cuda/cuda_stream.h"

#include "core/try.h"
#include "device/cuda/check.h"
#include "device/cuda/grid.h"

namespace cleanplate {

namespace {
// A few crops of a 4K frame; a copy beyond that waits for the oldest.
constexpr std::size_t most_pinned = std::size_t{64} << 20;
}  // namespace

Result<std::shared_ptr<CudaStream>> CudaStream::create(std::shared_ptr<CudaDevice> device) {
  CP_CHECK(device->enter());
  cudaStream_t stream = nullptr;
  CP_CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "to make a stream");
  return std::make_shared<CudaStream>(std::move(device), stream);
}

CudaStream::CudaStream(std::shared_ptr<CudaDevice> device, cudaStream_t stream)
    : device_(std::move(device)), stream_(stream), staging_(most_pinned) {}

CudaStream::~CudaStream() {
  static_cast<void>(device_->enter());
  static_cast<void>(cudaStreamSynchronize(stream_));
  static_cast<void>(cudaStreamDestroy(stream_));
}

Result<void> CudaStream::launch(const Launch& launch) {
  if (launch.extent.width < 1 || launch.extent.height < 1) return {};
  CP_CHECK(device_->enter());
  CP_CUDA(queue_grid(launch, stream_), std::string("to start ") + launch.name);
  return {};
}

Result<void> CudaStream::copy(const Copy& copy) {
  return guarded("device", [&]() -> Result<void> {
    if (copy.rows < 1 || copy.row_bytes == 0) return {};
    const bool upload = copy.way == Copy::Way::upload, download = copy.way == Copy::Way::download;
    if ((!upload && copy.from_stride < 0) || (!download && copy.to_stride < 0))
      return Error{Code::invalid_argument, "device",
                   "Rows in a card's memory lie from the top down; this copy's do not."};
    CP_CHECK(device_->enter());
    if (upload) return staging_.upload(stream_, copy);
    if (download) return staging_.download(stream_, copy);
    CP_CUDA(
        cudaMemcpy2DAsync(copy.to, static_cast<std::size_t>(copy.to_stride), copy.from,
                          static_cast<std::size_t>(copy.from_stride), copy.row_bytes,
                          static_cast<std::size_t>(copy.rows), cudaMemcpyDeviceToDevice, stream_),
        "to copy within itself");
    return {};
  });
}

Result<void> CudaStream::call(const char* /*name*/, Work work,
                              std::span<const Access> /*touches*/) {
  return guarded("device", [&]() -> Result<void> {
    CP_CHECK(device_->enter());
    return work(stream_);
  });
}

Result<Event> CudaStream::record() {
  return guarded("device", [&]() -> Result<Event> {
    CP_CHECK(device_->enter());
    cudaEvent_t event = nullptr;
    CP_CUDA(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "to make an event");
    // The device outlives its events: their end needs its context.
    std::shared_ptr<void> native(
        event, [device = device_](cudaEvent_t e) { static_cast<void>(cudaEventDestroy(e)); });
    CP_CUDA(cudaEventRecord(event, stream_), "to record an event");
    return Event{std::move(native)};
  });
}

Result<void> CudaStream::wait_for(const Event& event) {
  if (!event.native) return {};
  CP_CHECK(device_->enter());
  CP_CUDA(cudaStreamWaitEvent(stream_, static_cast<cudaEvent_t>(event.native.get()), 0),
          "to wait for an event");
  return {};
}

Result<void> CudaStream::wait() {
  const Result<void> entered = device_->enter();
  const cudaError_t done = cudaStreamSynchronize(stream_);
  // Who hears of a failure lets go of memory that what is queued may still read.
  if (done != cudaSuccess) static_cast<void>(cudaStreamSynchronize(stream_));
  CP_CHECK(entered);
  CP_CUDA(done, "while it worked");
  return {};
}

}  // namespace cleanplate
