/// @file
/// How long a stage was busy, for the report and for a profiler.
#pragma once
#include <cleanplate/report.h>

#include <chrono>
#include <string>
#include <utility>

#include "device/range.h"

namespace cleanplate {

/// Threads: one at a time; read after its thread has ended.
class StageClock {
 public:
  explicit StageClock(std::string stage) : stage_(std::move(stage)) {}

  void begin() { since_ = std::chrono::steady_clock::now(); }
  void end() { busy_ += std::chrono::steady_clock::now() - since_; }
  template <class Body>
  auto timed(Body&& body) {
    const Range range(stage_.c_str());
    begin();
    auto result = body();
    end();
    return result;
  }
  /// The share of the wall time is added by who knows it.
  [[nodiscard]] StageReport report(std::string device, int batch = 1) const {
    return {stage_, std::move(device), std::chrono::duration<double>(busy_).count(), 0, batch};
  }

 private:
  std::string stage_;
  std::chrono::steady_clock::time_point since_;
  std::chrono::steady_clock::duration busy_{};
};

}  // namespace cleanplate
