#include "device/host_device.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "core/budget.h"
#include "core/try.h"

namespace cleanplate {

namespace {
// Pixels below which handing rows to another thread costs more than it saves.
constexpr int least_pixels = 1 << 15;
constexpr std::align_val_t alignment{64};

class HostStream : public StreamCore {
 public:
  explicit HostStream(std::shared_ptr<HostDevice> device) : device_(std::move(device)) {}
  Result<void> launch(const Launch& launch) override {
    return guarded("device", [&]() -> Result<void> {
      device_->run(launch);
      return {};
    });
  }
  Result<void> copy(const Copy& copy) override {
    copy_rows(copy);
    return {};
  }
  Result<void> call(const char* /*name*/, Work work, std::span<const Access> /*touches*/) override {
    return guarded("device", [&] { return work(nullptr); });
  }
  Result<Event> record() override { return Event{}; }
  Result<void> wait_for(const Event& /*done*/) override { return {}; }
  Result<void> wait() override { return {}; }

 private:
  std::shared_ptr<HostDevice> device_;
};
}  // namespace

bool runs_here(Simd build) {
#if CLEANPLATE_HAS_AVX2 && defined(__GNUC__)
  if (build == Simd::avx2) return __builtin_cpu_supports("avx2");
#endif
  return build == Simd::baseline;
}

const char* simd_name(Simd build) { return build == Simd::avx2 ? "avx2" : "baseline"; }

void copy_rows(const Copy& copy) {
  auto* to = static_cast<unsigned char*>(copy.to);
  const auto* from = static_cast<const unsigned char*>(copy.from);
  for (int y = 0; y < copy.rows; ++y)
    std::memcpy(to + y * copy.to_stride, from + y * copy.from_stride, copy.row_bytes);
}

Result<std::shared_ptr<HostDevice>> HostDevice::create(const Options& options) {
  const bool avx2 = options.simd == "avx2" || (options.simd == "auto" && runs_here(Simd::avx2));
  if (avx2 && !runs_here(Simd::avx2))
    return Error{Code::device, "device",
                 "simd=avx2 was asked for, but this processor has no AVX2; use simd=auto."};
  const std::size_t capacity = options.max_memory > 0
                                   ? static_cast<std::size_t>(options.max_memory) << 20
                                   : static_cast<std::size_t>(free_memory());
  const int threads = options.threads > 0 ? options.threads : usable_cores();
  return std::make_shared<HostDevice>(avx2 ? Simd::avx2 : Simd::baseline, threads, capacity);
}

HostDevice::HostDevice(Simd build, int threads, std::size_t capacity)
    : build_(build), pool_(threads), capacity_(capacity) {}

std::string HostDevice::name() const {
  const int n = pool_.threads();
  return std::string("cpu (") + simd_name(build_) + ", " + std::to_string(n) +
         (n == 1 ? " thread)" : " threads)");
}

MemoryInfo HostDevice::memory() const {
  return {capacity_, capacity_ - std::min(capacity_, used_.load(std::memory_order_relaxed))};
}

Result<Stream> HostDevice::stream() {
  return guarded("device", [&]() -> Result<Stream> {
    auto self = std::static_pointer_cast<HostDevice>(shared_from_this());
    return Stream(std::make_shared<HostStream>(std::move(self)));
  });
}

void HostDevice::run(const Launch& launch) {
  if (launch.extent.width < 1 || launch.extent.height < 1) return;
  const int least = std::max(1, least_pixels / launch.extent.width);
  pool_.rows(
      launch.extent.height,
      [&](int begin, int end) {
        const Simd ran = launch.rows(build_, launch.kernel, launch.extent.width, begin, end);
        ranges_run_[static_cast<std::size_t>(ran)].fetch_add(1, std::memory_order_relaxed);
      },
      least);
}

Result<void*> HostDevice::take(std::size_t bytes, Memory /*kind*/) {
  const std::size_t before = used_.fetch_add(bytes);
  void* address = nullptr;
  if (bytes <= capacity_ && before <= capacity_ - bytes)
    address = ::operator new(std::max<std::size_t>(bytes, 1), alignment, std::nothrow);
  if (!address) {
    used_.fetch_sub(bytes);
    return Error{Code::out_of_memory, "device",
                 "Asked the " + name() + " for " + std::to_string(bytes) + " bytes, and " +
                     std::to_string(memory().free) + " are free; raise max_memory."};
  }
  return address;
}

void HostDevice::give_back(void* address, std::size_t bytes, Memory /*kind*/) noexcept {
  ::operator delete(address, alignment);
  used_.fetch_sub(bytes);
}

}  // namespace cleanplate
