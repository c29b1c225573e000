/// @file
/// Stopping a job from another thread or a signal handler.
#pragma once
#include <atomic>
#include <memory>

namespace cleanplate {

/// A flag that a job looks at several times a second. Copies share the flag.
/// Threads: any thread may set or read it; `cancel` is safe in a signal handler.
class CancelToken {
 public:
  CancelToken() : flag_(std::make_shared<std::atomic<bool>>(false)) {}
  void cancel() const noexcept { flag_->store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool cancelled() const noexcept { return flag_->load(std::memory_order_relaxed); }

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

}  // namespace cleanplate
