/// @file
/// In place of src/device/cuda/range.cpp: keeps the names that a profiler would be shown.
#pragma once
#include <map>
#include <string>

namespace fake {

struct Ranges {
  std::map<std::string, int> opened;  ///< by name
  int still_open = 0;
  bool crossed = false;  ///< a thread closed what it had not opened
};
/// Since the last call.
[[nodiscard]] Ranges take_ranges();

}  // namespace fake
