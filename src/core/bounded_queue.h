/// @file
/// What one thread hands to the next, a bounded number at a time.
#pragma once
#include <cleanplate/cancel.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>

namespace cleanplate {

/// Threads: any number push and pop; what one thread pushes comes out in its order.
template <class T>
class BoundedQueue {
 public:
  /// @param capacity  ≥ 1, elements.
  /// @param token  looked at while waiting: a set one acts as `cancel`, within 50 ms.
  explicit BoundedQueue(std::size_t capacity, CancelToken token = {})
      : capacity_(capacity ? capacity : 1), token_(std::move(token)) {}

  /// Waits for room. @return false: closed or cancelled, nothing taken.
  [[nodiscard]] bool push(T value) {
    std::unique_lock held(lock_);
    wait(held, room_, [&] { return closed_ || held_.size() < capacity_; });
    if (stopped() || closed_) return false;
    held_.push_back(std::move(value));
    held.unlock();
    came_.notify_one();
    return true;
  }

  /// Waits for an element. @return false: closed and empty, or cancelled.
  [[nodiscard]] bool pop(T& value) {
    std::unique_lock held(lock_);
    wait(held, came_, [&] { return closed_ || !held_.empty(); });
    if (stopped() || held_.empty()) return false;
    value = std::move(held_.front());
    held_.pop_front();
    held.unlock();
    room_.notify_one();
    return true;
  }

  /// No more will be pushed; what is in the queue can still be popped.
  void close() {
    {
      const std::lock_guard held(lock_);
      closed_ = true;
    }
    wake();
  }

  /// Drops what is in the queue; every push and pop gives false from now on.
  void cancel() {
    std::deque<T> dropped;  // let go outside the lock
    {
      const std::lock_guard held(lock_);
      closed_ = cancelled_ = true;
      dropped.swap(held_);
    }
    wake();
  }

  [[nodiscard]] std::size_t size() const {
    const std::lock_guard held(lock_);
    return held_.size();
  }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  [[nodiscard]] bool stopped() const { return cancelled_ || token_.cancelled(); }

  template <class Ready>
  void wait(std::unique_lock<std::mutex>& held, std::condition_variable& signal, Ready ready) {
    // A token is a bare flag that wakes nobody: look at it now and then.
    while (!stopped() && !signal.wait_for(held, std::chrono::milliseconds(50), ready)) {
    }
  }
  void wake() {
    room_.notify_all();
    came_.notify_all();
  }

  const std::size_t capacity_;
  const CancelToken token_;
  mutable std::mutex lock_;
  std::condition_variable room_, came_;
  std::deque<T> held_;
  bool closed_ = false, cancelled_ = false;
};

}  // namespace cleanplate
