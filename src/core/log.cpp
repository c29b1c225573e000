#include "core/log.h"

#include <atomic>
#include <mutex>

namespace cleanplate {

namespace {
constexpr int nobody_listens = 1000;
std::atomic<int> least_level{nobody_listens};
// Recursive: a callback may call into the library, which may log.
std::recursive_mutex& callback_lock() {
  static std::recursive_mutex lock;
  return lock;
}
LogCallback& current_callback() {
  static LogCallback callback;
  return callback;
}
}  // namespace

void set_log_callback(LogCallback callback, LogLevel least) {
  const std::lock_guard held(callback_lock());
  least_level = callback ? static_cast<int>(least) : nobody_listens;
  current_callback() = std::move(callback);
}

bool log_wanted(LogLevel level) noexcept {
  return static_cast<int>(level) >= least_level.load(std::memory_order_relaxed);
}

void log_text(LogLevel level, std::string_view line) noexcept {
  try {
    const std::lock_guard held(callback_lock());
    const LogCallback callback = current_callback();  // stays alive if the callback replaces itself
    if (callback && log_wanted(level)) callback(level, line);
  } catch (...) {  // a log that fails must not stop a job
  }
}

}  // namespace cleanplate
