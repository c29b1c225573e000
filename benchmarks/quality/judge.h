/// @file
/// One method's frames against a case's truth.
#pragma once
#include <string>

#include "case.h"
#include "metrics.h"

namespace quality {

/// Frames in order, score out. Threads: one object, one thread at a time.
class Judge {
 public:
  /// @param made  must outlive the judge.
  explicit Judge(const Case& made) : made_(made) {}
  /// Frames past the case's last are counted, not measured.
  void add(Crop output);
  [[nodiscard]] ClipScore score() const { return scorer_.score(); }
  [[nodiscard]] int frames() const { return frames_; }
  /// The frame in the middle of the clip, for pictures; empty patches if it never came.
  [[nodiscard]] const Crop& kept() const { return kept_; }

 private:
  const Case& made_;
  Scorer scorer_;
  Crop kept_;
  int frames_ = 0;
};

/// All frames of a file against the truth.
void judge_file(const std::string& path, const Case& made, Judge& judge);

/// Whether two files hold the same number of video frames at the same times (to a tick of the
/// coarser time base), and byte for byte the same sound packets at the same times.
struct Sameness {
  bool frames = false, times = false, sound = false;
};
[[nodiscard]] Sameness compare_files(const std::string& before, const std::string& after);

}  // namespace quality
