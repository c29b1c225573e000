#include "kernels/against_memcpy.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <vector>

namespace bench {

double memcpy_rate(std::size_t bytes) {
  using Clock = std::chrono::steady_clock;
  const std::size_t half = std::max<std::size_t>(64, bytes / 2);
  const std::vector<unsigned char> from(half, 1);
  std::vector<unsigned char> to(half);
  std::memcpy(to.data(), from.data(), half);  // pages are there
  std::vector<double> rates;
  const auto begin = Clock::now();
  do {
    const auto start = Clock::now();
    int copies = 0;
    double took = 0;
    do {  // long enough for the clock
      std::memcpy(to.data(), from.data(), half);
      benchmark::DoNotOptimize(to.data());
      benchmark::ClobberMemory();
      ++copies;
      took = std::chrono::duration<double>(Clock::now() - start).count();
    } while (took < 1e-4);
    rates.push_back(2. * static_cast<double>(half) * copies / took);
  } while (Clock::now() - begin < std::chrono::milliseconds(20));
  const auto middle = rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2);
  std::nth_element(rates.begin(), middle, rates.end());
  return *middle;
}

void set_bytes(benchmark::State& state, double bytes, double seconds) {
  if (seconds <= 0) return;
  const double rate = bytes * static_cast<double>(state.iterations()) / seconds;
  const double plain = memcpy_rate(static_cast<std::size_t>(bytes));
  state.counters["GB/s"] = 1e-9 * rate;
  state.counters["memcpy GB/s"] = 1e-9 * plain;
  state.counters["of memcpy"] = rate / plain;
}

}  // namespace bench
