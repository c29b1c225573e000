/// @file
/// What the program can be asked to do.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/options.h>

#include <string>
#include <vector>

#include "exit_code.h"

namespace cli {

struct RunRequest {
  std::vector<std::string> inputs;
  std::string output, report, preview;
  bool quiet = false;
};
ExitCode run(const RunRequest& request, const cleanplate::Options& options,
             const cleanplate::CancelToken& cancel);

struct DetectRequest {
  std::vector<std::string> inputs;
  std::string preview, logo;
  bool json = false, quiet = false;
};
ExitCode detect(const DetectRequest& request, const cleanplate::Options& options,
                const cleanplate::CancelToken& cancel);

ExitCode doctor(const cleanplate::Options& options);

enum class TableForm { text, json, markdown };
/// The option table, as docs/options.md (`markdown`) among others.
std::string options_table(TableForm form);

}  // namespace cli
