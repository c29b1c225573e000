/// @file
/// The pictures that --preview makes.
#pragma once
#include <cleanplate/pipeline.h>
#include <cleanplate/preview.h>
#include <cleanplate/video_decoder.h>

#include <cstdint>
#include <string>

namespace cli {

/// Keeps one frame of a job, from the middle of the clip, and shows it beside the source's.
class BeforeAndAfter {
 public:
  BeforeAndAfter(std::string input, const cleanplate::Options& options);
  /// For Callbacks::restored.
  void see(const cleanplate::Frame& restored);
  /// @return `unwritable` and the like; `not_found`: no frame was seen.
  [[nodiscard]] cleanplate::Result<void> write(const std::string& path) const;

 private:
  std::string input_;
  cleanplate::Options options_;
  std::int64_t wanted_ = 0, seen_ = 0;
  cleanplate::Frame kept_;
  std::int64_t first_pts_ = 0;
};

/// A frame from the middle, what was accepted outlined in green and what was rejected in red.
[[nodiscard]] cleanplate::Result<void> write_candidates(
    const std::string& path, const std::string& input, const cleanplate::Options& options,
    const std::vector<cleanplate::Candidate>& candidates);

}  // namespace cli
