/// @file
/// The host's cores as a device.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "core/threads.h"
#include "device/device_core.h"

namespace cleanplate {

/// Work runs at once, in the calling thread and the pool's; streams are in order by nature.
/// Threads: any; several may launch at a time.
class HostDevice : public DeviceCore {
 public:
  /// @param options  `simd`, `threads` (0: as many as there are cores), `max_memory`.
  /// @return `device`: simd=avx2 on a processor without it.
  [[nodiscard]] static Result<std::shared_ptr<HostDevice>> create(const Options& options);
  HostDevice(Simd build, int threads, std::size_t capacity);

  [[nodiscard]] std::string name() const override;
  [[nodiscard]] MemoryInfo memory() const override;
  [[nodiscard]] Result<Stream> stream() override;
  [[nodiscard]] bool reaches_host_memory() const override { return true; }

  /// Runs all rows of a kernel on the pool.
  void run(const Launch& launch);
  [[nodiscard]] Simd build() const { return build_; }
  /// How many row ranges each build of the loops says that it has run.
  [[nodiscard]] std::uint64_t ranges_run(Simd build) const {
    return ranges_run_[static_cast<std::size_t>(build)].load(std::memory_order_relaxed);
  }

 protected:
  Result<void*> take(std::size_t bytes, Memory kind) override;
  void give_back(void* address, std::size_t bytes, Memory kind) noexcept override;

 private:
  Simd build_;
  ThreadPool pool_;
  std::size_t capacity_;
  std::atomic<std::size_t> used_{0};
  std::array<std::atomic<std::uint64_t>, 2> ranges_run_{};
};

/// Whether this processor runs that build.
[[nodiscard]] bool runs_here(Simd build);
/// "baseline", "avx2".
[[nodiscard]] const char* simd_name(Simd build);
/// Does the copy now, in this thread.
void copy_rows(const Copy& copy);

}  // namespace cleanplate
