// Google Benchmark's flags: --benchmark_filter=… --benchmark_repetitions=… --benchmark_out=r.json
#include <benchmark/benchmark.h>

BENCHMARK_MAIN();
