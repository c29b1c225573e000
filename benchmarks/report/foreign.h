/// @file
/// Results of the programs that write a JSON of their own.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "setup/results.h"

namespace bench {

/// Google Benchmark's --benchmark_out: GB/s, and the share of memcpy's, by kernel.
[[nodiscard]] Results from_google_benchmark(const nlohmann::json& json);
/// benchmarks/quality's --json: PSNR and flashes by case.
[[nodiscard]] Results from_quality(const nlohmann::json& json);

}  // namespace bench
