#include "stages/kernel_times.h"

#include <algorithm>
#include <chrono>

#include "device/device_core.h"
#include "stages/must.h"
#include "stages/timed_device.h"

namespace bench {

using namespace cleanplate;

namespace {
constexpr int times = 16;
}  // namespace

double copy_seconds(const Device& device, double bytes) {
  using Clock = std::chrono::steady_clock;
  const int half = std::max(1, static_cast<int>(bytes / 2));
  Stream stream = must(device.core().stream());
  const Buffer from = must(device.core().allocate(static_cast<std::size_t>(half))),
               to = must(device.core().allocate(static_cast<std::size_t>(half)));
  const auto source = from.view<unsigned char>(half, 1), target = to.view<unsigned char>(half, 1);
  double least = 0;
  for (int round = 0; round < 6; ++round) {  // the first warms up
    const auto began = Clock::now();
    for (int n = 0; n < times; ++n) must(stream.copy(target, source));
    must(stream.wait());
    const double took = std::chrono::duration<double>(Clock::now() - began).count() / times;
    if (round > 0 && (round == 1 || took < least)) least = took;
  }
  return least;
}

std::vector<KernelTime> kernel_times(const Loaded& clip, const Device& device, int frames) {
  Loaded few = clip;
  few.there.clear();
  few.frames.resize(std::min(few.frames.size(), static_cast<std::size_t>(frames)));
  const auto timed = std::make_shared<TimedDevice>(device, times);
  const Device before(timed);
  if (!clip.there.empty()) few.there = copied_to(before, few);
  static_cast<void>(restore_alone(few, before, nullptr));
  std::vector<KernelTime> all;
  for (const auto& [kernel, l] : timed->launched()) {
    const double bytes = l.bytes / l.launches;
    all.push_back({kernel, l.launches / static_cast<double>(few.frames.size()),
                   l.seconds / l.launches, bytes, copy_seconds(device, bytes)});
  }
  std::sort(all.begin(), all.end(), [](const KernelTime& a, const KernelTime& b) {
    return a.launches * a.seconds > b.launches * b.seconds;
  });
  return all;
}

}  // namespace bench
