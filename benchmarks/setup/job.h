/// @file
/// One run over a whole file, in this process or, so that its memory is its own, in a fresh one.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "setup/material.h"

namespace bench {

struct Job {
  /// "plain"; "delogo", "removelogo"; or ours: a hint ("found", "told") and a method, "told fill".
  std::string way;
  std::string input, output;
  std::string preset = "medium";  ///< libx264's; crf 18
  std::string region, box, mask;  ///< see Material
  int threads = 0;                ///< 0: as many as there are cores
  std::vector<std::string> set;   ///< option=value of the library's, for our ways
  bool stop_at_first = false;     ///< ours: cancelled when the first frame goes to the encoder
};

struct Run {
  std::int64_t frames = 0;
  bool nothing_found = false;
  double first_frame = 0;   ///< ours: seconds from the start until a frame goes to the encoder
  double scan_seconds = 0;  ///< ours
  std::string methods;      ///< ours: "unblend 250"
  double wall = 0;          ///< seconds
  double cpu = 0;           ///< seconds, user and system, all threads
  double peak_mib = 0;      ///< resident; only from run_in_child
};

/// @throws std::runtime_error with the sentence of what failed.
[[nodiscard]] Run run(const Job& job);
/// The calling program once more as a fresh process. CPU seconds are all of the process's.
[[nodiscard]] Run run_in_child(const Job& job);
/// First in the main of every program that calls run_in_child: what the child exits with.
[[nodiscard]] std::optional<int> as_child(int argc, char** argv);

/// A job on a material, its output named after the way. Two jobs of one way share the output.
[[nodiscard]] Job job_of(const Material& material, const std::string& way,
                         const std::string& preset);
[[nodiscard]] bool is_ours(const std::string& way);

}  // namespace bench
