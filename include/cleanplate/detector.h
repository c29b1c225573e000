/// @file
/// Looks for overlays.
#pragma once
#include <cleanplate/detection.h>
#include <cleanplate/device.h>
#include <cleanplate/frame.h>
#include <cleanplate/media_info.h>
#include <cleanplate/options.h>
#include <cleanplate/report.h>
#include <cleanplate/result.h>

#include <memory>
#include <vector>

namespace cleanplate {

/// Frames in, what was seen in each out; in the same order, one `Detections` a frame.
/// Callers may write their own. Threads: one object, one thread at a time.
class Detector {
 public:
  /// The detector that `options` name: `region`, `mask` → told; else `detect`.
  /// @param video  size, depth and time base of the frames that will be pushed.
  /// @return `invalid_option` (a region outside the picture, …), `unreadable` (mask, template).
  [[nodiscard]] static Result<std::unique_ptr<Detector>> create(const Options& options,
                                                                const VideoInfo& video,
                                                                const Device& device);
  Detector() = default;
  Detector(const Detector&) = delete;
  Detector& operator=(const Detector&) = delete;
  virtual ~Detector() = default;

  /// @return `ok`; `full`: pull first; error `bad_order`.
  [[nodiscard]] virtual Result<Flow> push(const Frame& frame) = 0;
  /// @return `ok`; `again`: push more; `end`.
  [[nodiscard]] virtual Result<Flow> pull(Detections& out) = 0;
  /// No more frames; `pull` gives the rest, then `end`.
  [[nodiscard]] virtual Result<Flow> flush() = 0;
  /// Most frames that pull lags behind push; -1: all of them (a whole-window detector).
  [[nodiscard]] virtual int latency() const = 0;
  /// What was looked at so far, taken or not, with reasons.
  [[nodiscard]] virtual std::vector<Candidate> candidates() const { return {}; }
  /// What could not be used for looking (no libtorch, no weights), with the reason.
  [[nodiscard]] virtual std::vector<Degradation> degradations() const { return {}; }
  /// Most frames that a network was given in one pass; 1 where none is used.
  [[nodiscard]] virtual int batch() const { return 1; }
};

}  // namespace cleanplate
