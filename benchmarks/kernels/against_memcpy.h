/// @file
/// A kernel's bytes beside memcpy's.
#pragma once
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>

namespace bench {

/// Bytes read and written a second by memcpy over memory of this size, once a call: the median
/// of a good many short runs, measured now.
[[nodiscard]] double memcpy_rate(std::size_t bytes);

/// After the timed loop: how many bytes one iteration read and wrote, and what memcpy does with as
/// many on this thread right afterwards. Shows as `GB/s`, `memcpy GB/s` and `of memcpy`.
void set_bytes(benchmark::State& state, double bytes, double seconds);

/// Runs the loop, keeps its time, and calls set_bytes.
template <class Work>
void timed(benchmark::State& state, double bytes, Work&& work) {
  double seconds = 0;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    if (!work()) return state.SkipWithError("the launch failed");
    const double took =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    state.SetIterationTime(took);
    seconds += took;
  }
  set_bytes(state, bytes, seconds);
}

}  // namespace bench
