/// @file
/// What the program says while it works: one line that renews itself on a terminal, plain lines
/// in a log.
#pragma once
#include <cleanplate/pipeline.h>

#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

namespace cli {

/// Threads: any.
class Narrator {
 public:
  /// @param out  null: say nothing.
  explicit Narrator(std::FILE* out);
  Narrator(const Narrator&) = delete;
  Narrator& operator=(const Narrator&) = delete;
  ~Narrator();

  void line(std::string_view text);
  void progress(const cleanplate::Progress& progress);
  /// Forgets where the last job was, and clears its progress from a terminal.
  void next_job();

 private:
  void clear();

  using Clock = std::chrono::steady_clock;
  std::FILE* const out_;
  const bool terminal_;
  std::mutex lock_;
  std::string phase_;
  std::int64_t first_done_ = 0;
  Clock::time_point phase_began_, last_said_;
  bool showing_ = false;
};

/// "restore  120 of 300 frames, 52.1 frames/s, 0:03 left".
/// @param seconds  that the `done - first` frames took.
std::string progress_text(const cleanplate::Progress& progress, std::int64_t first, double seconds);

/// The one sentence of a failure, on stderr: "cleanplate: …".
void complain(std::string_view sentence);

}  // namespace cli
