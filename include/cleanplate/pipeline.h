/// @file
/// A file in, the same file without its overlay out.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/detector.h>
#include <cleanplate/device.h>
#include <cleanplate/inpainter.h>
#include <cleanplate/mask_tracker.h>
#include <cleanplate/options.h>
#include <cleanplate/plan.h>
#include <cleanplate/report.h>
#include <cleanplate/result.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace cleanplate {

/// How far a job is. `frames` is 0 while unknown.
struct Progress {
  const char* phase;  ///< "scan" or "restore"
  std::int64_t done = 0, frames = 0;
};

/// Called from one of the job's threads, at most about ten times a second.
struct Callbacks {
  /// Goes back to 0 where a card has failed and the job is begun again without it.
  std::function<void(const Progress&)> progress;
  /// Every restored frame once, just before the encoder, in order; for tests and previews.
  std::function<void(const Frame&)> restored;
};

/// Threads: one object, one thread at a time; different objects are independent.
class Pipeline {
 public:
  /// A card that is asked for and not there: the host does it, and the report says why; an error
  /// of code `device` under `strict`.
  [[nodiscard]] static Result<Pipeline> create(const Options& options);
  /// Works on a device that the caller has opened; `device` and `simd` of the options are not
  /// asked, but for the stages that have to go on on the host.
  [[nodiscard]] static Result<Pipeline> create(const Options& options, Device device);
  Pipeline(Pipeline&&) noexcept;
  Pipeline& operator=(Pipeline&&) noexcept;
  ~Pipeline();

  /// Looks at a sample of the clip: overlays, their models, candidates with reasons.
  [[nodiscard]] Result<Plan> plan(const std::string& input, const Callbacks& callbacks = {},
                                  const CancelToken& cancel = {});
  /// Scans, restores, encodes. Nothing found: `Report::nothing_found`, no output (unless `always`).
  /// @return the errors of VideoDecoder and VideoEncoder; `cancelled`; `degraded`.
  [[nodiscard]] Result<Report> run(const std::string& input, const std::string& output,
                                   const Callbacks& callbacks = {}, const CancelToken& cancel = {});

 private:
  struct State;
  explicit Pipeline(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cleanplate
