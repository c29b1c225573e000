/// @file
/// From sightings in single frames to one mask for every frame.
#pragma once
#include <cleanplate/detection.h>
#include <cleanplate/media_info.h>
#include <cleanplate/options.h>
#include <cleanplate/result.h>

#include <memory>

namespace cleanplate {

/// Follows overlays; no frame between two sightings is left bare.
/// Frames go in and come out in presentation order, one mask each. Callers may write their own.
/// Threads: one object, one thread at a time.
class MaskTracker {
 public:
  /// @param options  `persistence_frames`, `accumulation_seconds`, `min_score`.
  [[nodiscard]] static Result<std::unique_ptr<MaskTracker>> create(const Options& options,
                                                                   const VideoInfo& video);
  MaskTracker() = default;
  MaskTracker(const MaskTracker&) = delete;
  MaskTracker& operator=(const MaskTracker&) = delete;
  virtual ~MaskTracker() = default;

  /// Takes (copies) the next frame's sightings.
  /// @return `ok`; `full`: nothing taken, pull first; error `bad_order`: pts did not rise.
  [[nodiscard]] virtual Result<Flow> push(const Detections& seen) = 0;
  /// @param[out] mask  untouched unless `ok`.
  /// @return `ok`; `again`: push more; `end`: flushed and empty.
  [[nodiscard]] virtual Result<Flow> pull(FrameMask& mask) = 0;
  /// No more input; `pull` gives the rest, then `end`.
  [[nodiscard]] virtual Result<Flow> flush() = 0;
  /// Most frames that pull lags; fixed at create.
  [[nodiscard]] virtual int latency() const = 0;
};

}  // namespace cleanplate
