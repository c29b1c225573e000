#include "core/budget.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <thread>

namespace cleanplate {

namespace {

constexpr std::int64_t mebi = 1 << 20;
constexpr auto unlimited = std::numeric_limits<std::int64_t>::max();

/// A control group's limit; "max" and a missing file mean none.
std::int64_t read_limit(const char* path) {
  std::ifstream file(path);
  std::int64_t value = 0;
  return file >> value ? value : unlimited;
}

/// Cores' worth of time that the control group grants.
double cpu_quota() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  double quota = 0, period = 0;
  if (file >> quota >> period && period > 0) return quota / period;
  return 1e9;
}

std::int64_t system_available() {
  std::ifstream file("/proc/meminfo");
  std::string key;
  std::int64_t kibi = 0;
  while (file >> key >> kibi) {
    if (key == "MemAvailable:") return kibi * 1024;
    file.ignore(256, '\n');
  }
  return 2048 * mebi;  // a system that does not say
}

}  // namespace

int usable_cores() {
  int cores = static_cast<int>(std::thread::hardware_concurrency());
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) cores = CPU_COUNT(&set);
  return std::max(1, std::min(cores, static_cast<int>(std::ceil(cpu_quota()))));
}

std::int64_t free_memory() {
  const std::int64_t limit = read_limit("/sys/fs/cgroup/memory.max");
  const std::int64_t used = read_limit("/sys/fs/cgroup/memory.current");
  const std::int64_t left =
      limit == unlimited || used == unlimited ? unlimited : std::max<std::int64_t>(0, limit - used);
  return std::min(left, system_available());
}

Tier tier_of(std::int64_t free_bytes) {
  if (free_bytes < 8192 * mebi) return Tier::small;
  return free_bytes < 16384 * mebi ? Tier::middle : Tier::large;
}

const char* name_of(Tier tier) {
  constexpr const char* names[] = {"small", "middle", "large"};
  return names[static_cast<int>(tier)];
}

void fit_batches(Options& options, std::int64_t free_bytes) {
  const Tier tier = tier_of(free_bytes);
  const Options standard;
  const auto fit = [&](int Options::*batch, int small, int large) {
    if (options.*batch != standard.*batch || tier == Tier::middle) return;
    options.*batch = tier == Tier::small ? small : large;
  };
  fit(&Options::detect_batch, 8, 24);
  fit(&Options::inpaint_batch, 4, 12);
  fit(&Options::segment_frames, 180, 450);
}

std::int64_t host_memory(const Options& options) {
  return options.max_memory > 0 ? options.max_memory * mebi : free_memory();
}

Budget share_budget(const Options& options, std::int64_t frame_bytes) {
  Budget budget;
  const int threads = options.threads > 0 ? options.threads : usable_cores();
  budget.threads = threads;
  budget.decoder_threads = budget.pool_threads = std::max(1, threads / 4);
  budget.encoder_threads = std::max(1, threads - threads / 4);

  budget.memory = options.max_memory > 0 ? options.max_memory * mebi : free_memory() / 2;
  budget.scan_memory = budget.memory / 4;
  // A quarter of the memory waits in two queues, and no more than smooths something: 4 frames, and
  // of large ones, that take long each, fewer.
  constexpr std::int64_t enough = 10 * mebi;  // bytes in a queue
  const auto fits = frame_bytes > 0 ? std::min(budget.memory / 8, enough) / frame_bytes : 4;
  budget.queue_frames = static_cast<int>(std::clamp<std::int64_t>(fits, 2, 4));
  return budget;
}

}  // namespace cleanplate
