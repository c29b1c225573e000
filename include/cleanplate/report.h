/// @file
/// What happened in a job.
#pragma once
#include <cleanplate/detection.h>
#include <cleanplate/overlay.h>

#include <cstdint>
#include <string>
#include <vector>

namespace cleanplate {

/// A step down that was taken instead of failing.
struct Degradation {
  std::string stage, from, to, reason;
  std::int64_t first_frame = 0;
};

struct StageReport {
  std::string stage;   ///< "decode", "scan", "inpaint", "encode"
  std::string device;  ///< "cpu (avx2, 2 threads)", "libx264"
  double busy_seconds = 0;
  double busy_share = 0;  ///< of the job's wall time
  int batch = 1;  ///< most frames that a network of the stage was given in one pass; 1: or none
};

/// Which frames had which method.
struct MethodReport {
  int track = 0;
  std::string method;  ///< "unblend", "fill", …
  std::int64_t frames = 0;
  double confidence = 0;  ///< mean, 0…1
};

struct Report {
  static constexpr int version = 1;
  std::string input, output;
  std::int64_t frames_in = 0, frames_out = 0, frames_changed = 0, frames_lost = 0;
  double seconds = 0;
  std::string encoder;
  std::vector<Candidate> candidates;
  std::vector<MethodReport> methods;
  std::vector<StageReport> stages;
  std::vector<Degradation> degradations;
  std::vector<std::string> warnings;
  bool nothing_found = false;
};

/// JSON, UTF-8, with "version".
[[nodiscard]] std::string to_json(const Report& report);

}  // namespace cleanplate
