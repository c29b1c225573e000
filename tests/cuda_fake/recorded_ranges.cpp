#include "cuda_fake/recorded_ranges.h"

#include <mutex>
#include <utility>

#include "device/range.h"

namespace {
std::mutex lock;
fake::Ranges ranges;
thread_local int depth = 0;
}  // namespace

namespace fake {
Ranges take_ranges() {
  const std::lock_guard held(lock);
  return std::exchange(ranges, {});
}
}  // namespace fake

namespace cleanplate {

void begin_range(const char* name) {
  const std::lock_guard held(lock);
  ++ranges.opened[name];
  ++ranges.still_open;
  ++depth;
}
void end_range() {
  const std::lock_guard held(lock);
  --ranges.still_open;
  ranges.crossed = ranges.crossed || --depth < 0;
}

}  // namespace cleanplate
