/// @file
/// What figures were measured on, with what, and when.
#pragma once
#include <string>
#include <vector>

namespace bench {

struct Machine {
  std::string processor, system;
  int cores = 0;                ///< that this process may use
  long long memory_mib = 0;     ///< free at the start
  double load = 0;              ///< of the last minute, at the start: above ~0.2 it is shared
  std::string compiler, build;  ///< "GNU 12.2.0", "Release"
  std::vector<std::string> libraries;  ///< "cleanplate 0.1.0", "FFmpeg 5.1.9", …
  std::string date;                    ///< "2026-11-25 04:05 UTC"
};

[[nodiscard]] Machine this_machine();
/// One line.
[[nodiscard]] std::string text_of(const Machine& machine);
/// Whether seconds measured on the one can be held against seconds measured on the other.
[[nodiscard]] bool alike(const Machine& a, const Machine& b);

}  // namespace bench
