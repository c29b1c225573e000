/// @file
/// A figure from several runs: its median, and how far that is to be trusted.
#pragma once
#include <string>
#include <vector>

namespace bench {

/// The median of all runs ever made lies in low … high with probability `coverage`, whatever
/// their distribution (order statistics; 0.95 or more from six runs on).
struct Interval {
  double median = 0, low = 0, high = 0;
  double coverage = 0;  ///< 0…1; 0: one run, nothing is known
  int runs = 0;
};

/// @param values  one a run, at least one.
[[nodiscard]] Interval interval_of(std::vector<double> values);
/// What the interval of so many runs holds with.
[[nodiscard]] double coverage_of(int runs);
/// One value that does not vary from run to run.
[[nodiscard]] Interval exactly(double value);
/// "1.07 (1.05…1.09)"; one value: "1.07".
[[nodiscard]] std::string text_of(const Interval& interval, int decimals);

}  // namespace bench
