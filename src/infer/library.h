/// @file
/// Finds and loads the object that carries libtorch. Linux and macOS; elsewhere it says so.
#pragma once
#include <cleanplate/network.h>

#include "infer/table.h"

namespace cleanplate {

struct LoadedLibrary {
  const cleanplate_infer_table* table = nullptr;
  std::string path;
};

/// The first call that succeeds decides for the process; a failed one may be tried again.
/// Threads: any. @return `network`.
[[nodiscard]] Result<LoadedLibrary> load_infer_library(const std::string& wanted);

/// What an answer of its table other than CLEANPLATE_INFER_DONE means.
[[nodiscard]] Code code_of(std::int32_t answer);

/// Whether this build came with networks: without, doing without one is no loss to be told of.
[[nodiscard]] bool built_with_networks();

}  // namespace cleanplate
