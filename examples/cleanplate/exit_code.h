/// @file
/// What the program tells the shell.
#pragma once
#include <cleanplate/result.h>

namespace cli {

enum ExitCode : int {
  done = 0,
  failed = 1,         ///< a sentence on stderr says why
  usage = 2,          ///< an option or argument that cannot be meant
  nothing_found = 3,  ///< nothing to remove; no output unless --always
  interrupted = 130,  ///< ctrl-C
};

inline ExitCode exit_code(const cleanplate::Error& error) {
  using cleanplate::Code;
  if (error.code == Code::cancelled) return interrupted;
  if (error.code == Code::invalid_option || error.code == Code::invalid_argument) return usage;
  return failed;
}

}  // namespace cli
