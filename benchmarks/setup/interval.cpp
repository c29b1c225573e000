#include "setup/interval.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace bench {

namespace {
constexpr double wanted = .95;

/// Probability that fewer than `k` of n runs fall below the true median, or above it.
double outside(std::size_t n, std::size_t k) {
  double ways = 1, sum = 0;  // binomial coefficients
  for (std::size_t i = 0; i < k; ++i) {
    sum += ways;
    ways = ways * static_cast<double>(n - i) / static_cast<double>(i + 1);
  }
  return 2 * sum / std::pow(2., static_cast<double>(n));
}
}  // namespace

Interval interval_of(std::vector<double> values) {
  if (values.empty()) throw std::runtime_error("There is no run to take a median of.");
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size(), half = n / 2;
  Interval out;
  out.runs = static_cast<int>(n);
  out.median = n % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
  std::size_t k = 1;  // from the k-th least to the k-th greatest
  while (k < half && 1 - outside(n, k + 1) >= wanted) ++k;
  out.low = values[k - 1];
  out.high = values[n - k];
  out.coverage = n == 1 ? 0 : 1 - outside(n, k);
  return out;
}

double coverage_of(int runs) {
  return interval_of(std::vector<double>(static_cast<std::size_t>(std::max(1, runs)), 1.)).coverage;
}

Interval exactly(double value) { return {value, value, value, 1, 1}; }

std::string text_of(const Interval& i, int decimals) {
  if (i.runs <= 1) return fmt::format("{:.{}f}", i.median, decimals);
  return fmt::format("{:.{}f} ({:.{}f}…{:.{}f})", i.median, decimals, i.low, decimals, i.high,
                     decimals);
}

}  // namespace bench
