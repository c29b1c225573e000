/// @file
/// One report held against an older one.
#pragma once
#include <string>
#include <vector>

#include "setup/results.h"

namespace bench {

enum class Verdict { same, better, worse, not_comparable };

struct Compared {
  std::string program, name, unit;
  Interval before, now;
  Verdict verdict = Verdict::same;
};

struct Tolerance {
  double least = .03;     ///< of the old value: a lesser change is none, however clear
  double unproven = .15;  ///< of the old value, where fewer than six runs bound the noise
};

/// Worse (better) only where the two intervals do not meet and the change is above the tolerance.
/// Absolute figures are compared where the machines are alike, relative ones always.
[[nodiscard]] std::vector<Compared> compare(const std::vector<Results>& before,
                                            const std::vector<Results>& now,
                                            const Tolerance& tolerance);
/// What changed, worst first; and how many did not.
[[nodiscard]] std::string to_markdown(const std::vector<Compared>& all);
[[nodiscard]] bool any_worse(const std::vector<Compared>& all);

}  // namespace bench
