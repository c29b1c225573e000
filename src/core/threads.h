/// @file
/// The thread pool that pixel work runs on.
#pragma once
#include <functional>
#include <memory>

namespace cleanplate {

/// Rows are handed out in ranges as threads come free; a body that writes only its own rows gives
/// the same result for every number of threads.
/// Threads: `rows` may be called from several threads at once, and from within a body.
class ThreadPool {
 public:
  /// Rows begin … end-1.
  using Body = std::function<void(int begin, int end)>;

  /// @param threads  1…1024, the caller's own included: 1 starts none.
  ///        Where the system gives fewer, the pool makes do with those.
  explicit ThreadPool(int threads);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  /// Runs the body over 0 … rows-1 and waits; the caller works too.
  /// @param least  rows below which a range is not worth a hand-over, ≥ 1.
  /// Throws what the body threw first; the ranges not begun by then are skipped.
  void rows(int rows, const Body& body, int least = 1);

  [[nodiscard]] int threads() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cleanplate
