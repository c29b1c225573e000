/// @file
/// The programs beside this one, run one after another.
#pragma once
#include <string>
#include <vector>

#include "setup/results.h"

namespace bench {

struct RunOrder {
  std::string folder;             ///< where their JSON goes
  std::vector<std::string> only;  ///< programs; empty: all
  bool quick = false;
  std::vector<std::string> pass;  ///< further flags for stages, file, memory and scale
  std::string data;               ///< test clips for quality; empty: it is left out
};

/// One Results a run; what could not be run is a failure in them.
[[nodiscard]] std::vector<Results> run_programs(const RunOrder& order);

}  // namespace bench
