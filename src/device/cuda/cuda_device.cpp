#include "device/cuda/cuda_device.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <vector>

#include "core/try.h"
#include "device/check_pixel.h"
#include "device/cuda/check.h"
#include "device/cuda/cuda_stream.h"
#include "device/cuda_facts.h"

namespace cleanplate {

namespace {
constexpr std::size_t small_memory = std::size_t{8} << 30;
constexpr double small_share = 0.85;  // a small card leaves less for its display
constexpr int oldest_card = 75;       // the first of CLEANPLATE_CUDA_ARCHITECTURES

std::string mebibytes(std::size_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

/// Puts the thread's current card back: another program's thread has its own.
class CurrentCard {
 public:
  CurrentCard() : known_(cudaGetDevice(&card_) == cudaSuccess) {}
  CurrentCard(const CurrentCard&) = delete;
  CurrentCard& operator=(const CurrentCard&) = delete;
  ~CurrentCard() {
    int now = card_;
    if (known_ && cudaGetDevice(&now) == cudaSuccess && now != card_)
      static_cast<void>(cudaSetDevice(card_));
  }

 private:
  int card_ = 0;
  bool known_;
};
}  // namespace

CudaFacts cuda_facts() {
  CudaFacts facts;
  facts.built = true;
  facts.runtime = CUDART_VERSION;
  static_cast<void>(cudaDriverGetVersion(&facts.driver));
  if (facts.driver == 0) return facts;
  const cudaError_t counted = cudaGetDeviceCount(&facts.cards);
  if (counted != cudaSuccess) {
    facts.cards = 0;
    facts.error = static_cast<int>(counted);
    facts.error_text = cudaGetErrorString(counted);
    static_cast<void>(cudaGetLastError());
  }
  return facts;
}

Result<std::shared_ptr<DeviceCore>> open_cuda(const Options& options, int card) {
  const CudaFacts facts = cuda_facts();
  if (std::string reason = why_no_card(facts, card); !reason.empty())
    return Error{Code::device, "device", std::move(reason), -1, facts.error};
  CP_TRY(auto device, CudaDevice::create(card, options.gpu_memory_fraction));
  return std::static_pointer_cast<DeviceCore>(std::move(device));
}

Result<std::shared_ptr<CudaDevice>> CudaDevice::create(int card, double fraction) {
  return guarded("device", [&]() -> Result<std::shared_ptr<CudaDevice>> {
    int major = 0, minor = 0;
    CP_CUDA(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, card),
            "to say what it is");
    CP_CUDA(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, card),
            "to say what it is");
    cudaDeviceProp facts{};
    CP_CUDA(cudaGetDeviceProperties(&facts, card), "to say what it is");
    const std::string kind = std::string(facts.name) + ", " + std::to_string(major) + "." +
                             std::to_string(minor) + ", " + mebibytes(facts.totalGlobalMem);
    if (major * 10 + minor < oldest_card)
      return Error{Code::device, "device",
                   "The card cuda:" + std::to_string(card) + " (" + kind +
                       ") is older than what the kernels are built for, 7.5; use device=cpu."};
    auto device =
        std::make_shared<CudaDevice>(card, "cuda:" + std::to_string(card) + " (" + kind + ")");
    CP_CHECK(device->set_up(fraction));
    CP_CHECK(device->try_out());
    return device;
  });
}

Result<void> CudaDevice::enter() const {
  CP_CUDA(cudaSetDevice(card_), "to be chosen");
  return {};
}

Result<void> CudaDevice::set_up(double fraction) {
  CP_CHECK(enter());
  CP_CUDA(cudaStreamCreateWithFlags(&memory_stream_, cudaStreamNonBlocking), "to make a stream");
  int pools = 0;
  CP_CUDA(cudaDeviceGetAttribute(&pools, cudaDevAttrMemoryPoolsSupported, card_),
          "to say what it is");
  if (pools) {
    cudaMemPoolProps props{};
    props.allocType = cudaMemAllocationTypePinned;
    props.location.type = cudaMemLocationTypeDevice;
    props.location.id = card_;
    CP_CUDA(cudaMemPoolCreate(&pool_, &props), "to make a memory pool");
    std::uint64_t keep = std::numeric_limits<std::uint64_t>::max();
    CP_CUDA(cudaMemPoolSetAttribute(pool_, cudaMemPoolAttrReleaseThreshold, &keep),
            "to set up its memory pool");
  }
  std::size_t free = 0;  // after the context and its kernels have taken theirs
  CP_CUDA(cudaMemGetInfo(&free, &card_memory_), "to say how much memory is free");
  const double most = free < small_memory ? small_share : 1;
  capacity_ = static_cast<std::size_t>(static_cast<double>(free) * std::clamp(fraction, 0., most));
  return {};
}

CudaDevice::~CudaDevice() {
  static_cast<void>(enter());
  idle_exchanges_.clear();
  if (memory_stream_) {
    static_cast<void>(cudaStreamSynchronize(memory_stream_));
    static_cast<void>(cudaStreamDestroy(memory_stream_));
  }
  if (pool_) static_cast<void>(cudaMemPoolDestroy(pool_));
}

Result<void> CudaDevice::try_out() {
  constexpr int w = 67, h = 5, count = w * h;
  std::array<std::uint32_t, count> in{}, out{}, right{};
  for (int i = 0; i < count; ++i)
    in[static_cast<std::size_t>(i)] = static_cast<std::uint32_t>(i) * 2246822519U;
  const auto over = [](std::array<std::uint32_t, count>& rows) {
    return in_place(rows.data(), static_cast<std::ptrdiff_t>(w * sizeof(std::uint32_t)), w, h);
  };
  run_rows(BaselineBuild{}, CheckPixel{over(in), over(right)}, w, 0, h);
  {
    CP_TRY(Buffer buffer, allocate(2 * sizeof in));
    CP_TRY(Stream work, stream());
    const auto from = buffer.view<std::uint32_t>(w, h);
    const auto to = buffer.view<std::uint32_t>(w, h, sizeof in);
    CP_CHECK(work.upload(from, in.data(), from.stride));
    CP_CHECK(work.launch({w, h}, CheckPixel{from, to}, reads(from), writes(to)));
    CP_CHECK(work.download(out.data(), to.stride, to));
    CP_CHECK(work.wait());
  }
  if (out != right)
    return Error{Code::device, "device",
                 "The card " + name_ +
                     " gives other numbers than the host for the same kernel; use device=cpu, and "
                     "report this with the driver's version."};
  return {};
}

template <class Use>
Result<void> CudaDevice::with_exchange(const Outside& work, Use&& use) {
  return guarded("device", [&]() -> Result<void> {
    if (work.card != card_)
      return Error{Code::invalid_argument, "device",
                   "The picture lies on cuda:" + std::to_string(work.card) +
                       ", and was given to the device " + name_ + "; open a device for each card."};
    const CurrentCard current;
    if (const cudaError_t code = cudaSetDevice(card_); code != cudaSuccess)
      return cuda_error(code, "to be chosen", not_copied);
    std::unique_ptr<Exchange> exchange;
    {
      const std::lock_guard held(exchanges_lock_);
      if (!idle_exchanges_.empty()) {
        exchange = std::move(idle_exchanges_.back());
        idle_exchanges_.pop_back();
      }
    }
    if (!exchange) exchange = std::make_unique<Exchange>();
    auto done = use(*exchange);
    const std::lock_guard held(exchanges_lock_);
    idle_exchanges_.push_back(std::move(exchange));
    return done;
  });
}

namespace {
bool stays(std::span<const Copy> planes) {
  return !planes.empty() && planes[0].way == Copy::Way::within;
}
}  // namespace

Result<void> CudaDevice::bring_in(const Outside& work, std::span<const Copy> planes) {
  return with_exchange(work, [&](Exchange& exchange) {
    auto* const stream = static_cast<cudaStream_t>(work.stream);
    auto* const after = static_cast<cudaEvent_t>(work.event);
    return stays(planes) ? exchange.within(stream, after, planes, nullptr)
                         : exchange.download(stream, after, planes);
  });
}

Result<void> CudaDevice::hand_out(const Outside& work, std::span<const Copy> planes) {
  return with_exchange(work, [&](Exchange& exchange) {
    auto* const stream = static_cast<cudaStream_t>(work.stream);
    auto* const then = static_cast<cudaEvent_t>(work.event);
    return stays(planes) ? exchange.within(stream, nullptr, planes, then)
                         : exchange.upload(stream, planes, then);
  });
}

MemoryInfo CudaDevice::memory() const {
  return {capacity_, capacity_ - std::min(capacity_, used_.load(std::memory_order_relaxed)),
          card_memory_};
}

Result<Stream> CudaDevice::stream() {
  return guarded("device", [&]() -> Result<Stream> {
    CP_TRY(auto made, CudaStream::create(std::static_pointer_cast<CudaDevice>(shared_from_this())));
    return Stream(std::move(made));
  });
}

Result<void*> CudaDevice::take(std::size_t bytes, Memory kind) {
  const auto refused = [&](const std::string& why) {
    used_.fetch_sub(bytes);
    return Error{Code::out_of_memory, "device",
                 "Asked " + name_ + " for " + mebibytes(bytes) + ", and " + why + " (" +
                     mebibytes(memory().free) + " of " + mebibytes(capacity_) +
                     " are left); raise gpu_memory_fraction, or free the card."};
  };
  const std::size_t before = used_.fetch_add(bytes);
  if (bytes > capacity_ || before > capacity_ - bytes)
    return refused("its share of the memory is used up");
  if (auto entered = enter(); !entered) {
    used_.fetch_sub(bytes);
    return std::move(entered).error();
  }
  void* address = nullptr;
  const std::size_t size = std::max<std::size_t>(bytes, 1);
  const bool pooled = from_pool(kind);
  cudaError_t code = pooled ? cudaMallocFromPoolAsync(&address, size, pool_, memory_stream_)
                            : cudaMalloc(&address, size);
  // Other streams may use it at once; allocations are made while a stage warms up.
  if (code == cudaSuccess && pooled) code = cudaStreamSynchronize(memory_stream_);
  if (code == cudaSuccess) return address;
  if (address)
    static_cast<void>(pooled ? cudaFreeAsync(address, memory_stream_) : cudaFree(address));
  if (code == cudaErrorMemoryAllocation) {
    static_cast<void>(cudaGetLastError());
    return refused("the card has no such piece free");
  }
  used_.fetch_sub(bytes);
  return cuda_error(code, "to give memory");
}

void CudaDevice::give_back(void* address, std::size_t bytes, Memory kind) noexcept {
  static_cast<void>(enter());
  static_cast<void>(from_pool(kind) ? cudaFreeAsync(address, memory_stream_) : cudaFree(address));
  used_.fetch_sub(bytes);
}

}  // namespace cleanplate
