/// @file
/// Frames in, the same frames without their overlay out; for a program's own loop.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/detector.h>
#include <cleanplate/device.h>
#include <cleanplate/frame.h>
#include <cleanplate/inpainter.h>
#include <cleanplate/mask_tracker.h>
#include <cleanplate/media_info.h>
#include <cleanplate/options.h>
#include <cleanplate/plan.h>
#include <cleanplate/report.h>
#include <cleanplate/result.h>

#include <memory>

namespace cleanplate {

/// The caller's own stages, ready-made or written by the caller; null: the library's.
/// They are borrowed: they outlive the Restorer, and nobody else uses them meanwhile.
struct Parts {
  /// Of bounded latency: its sightings are tracked and their masks filled, no matte is estimated.
  /// Of latency -1: flushed when the first window is full; its `candidates` make the plan.
  Detector* detector = nullptr;
  MaskTracker* tracker = nullptr;
  Inpainter* inpainter = nullptr;  ///< is given frames and masks, not the plan
};

/// Without a plan the first frames wait: `accumulation_seconds` of them (25 frames a second where
/// the rate is unknown), at least 12, at most 300 and what a quarter of `max_memory` holds. From
/// these the overlays are found, or taken from `region` and `mask`, and their mattes estimated;
/// then they come out restored, and later frames go through with the same plan at a latency of a
/// few frames. Where nothing was found the next window is looked at.
/// Limits: a plan from one window is less certain than one from a sample of a whole file, it is
/// not looked at again once there is an overlay in it, and a told place whose time begins after
/// the first window is filled, not un-blended. `method` = fill with a told place needs no window.
///
/// Frames come out in the order they went in, none lost, none added; one without an overlay is the
/// very same handle. Waiting frames are held as handles, so a caller's wrapped memory is in use
/// until its frame came out and the frames after it that look at it.
/// Frames in the memory of `device` (DevicePictures, whose format is `video.format`) stay and come
/// out there; those of a first window come down once to be looked at. Where the host has to take
/// over they come down and go up, and where the card then has no room they come out in the host's
/// memory; a card that fails for good takes the frames on it along, which is an error. The caller's
/// own stages are given them as they are.
/// Work is done in `push`, `pull` and `flush`, on the caller's thread and the device's pool.
/// Threads: one object, one thread at a time; different objects are independent.
/// @code
/// auto restorer = Restorer::create(options, video);
/// while (read(frame)) {
///   restorer->push(frame);
///   while (*restorer->pull(out) == Flow::ok) use(out);
/// }
/// restorer->flush();
/// while (*restorer->pull(out) == Flow::ok) use(out);
/// @endcode
class Restorer {
 public:
  /// @param video  format, size, time base and frame rate of the frames that will be pushed.
  /// @param device  empty: opened as the options say.
  /// @return `invalid_option`, `unsupported`, `unreadable` (a mask's file), `device`.
  [[nodiscard]] static Result<Restorer> create(const Options& options, const VideoInfo& video,
                                               const Parts& parts = {}, const Device& device = {},
                                               const CancelToken& cancel = {});
  /// The same with a plan, from Pipeline::plan or another Restorer; copied. No frame waits for a
  /// window, and `parts.detector` is not asked. Times of the plan count from the first frame.
  [[nodiscard]] static Result<Restorer> create(const Options& options, const VideoInfo& video,
                                               const Plan& plan, const Parts& parts = {},
                                               const Device& device = {},
                                               const CancelToken& cancel = {});
  Restorer(Restorer&&) noexcept;
  Restorer& operator=(Restorer&&) noexcept;
  ~Restorer();

  /// The next frame in presentation order.
  /// @return `ok`; `full`: nothing taken, pull first; error `bad_order` (pts did not rise),
  ///         `invalid_argument` (another size or format; after flush): nothing taken, still usable;
  ///         `cancelled`, and errors of the stages: these stay, every later call gives them again.
  [[nodiscard]] Result<Flow> push(const Frame& frame);
  /// @param[out] frame  untouched unless `ok`.
  /// @return `ok`; `again`: push more; `end`: flushed and empty; errors as push.
  [[nodiscard]] Result<Flow> pull(Frame& frame);
  /// No more frames; `pull` gives the rest, then `end`. Again: nothing more happens.
  [[nodiscard]] Result<Flow> flush();

  /// Most frames that pull lags behind push; fixed at create.
  [[nodiscard]] int latency() const;
  /// What is known so far; no overlays until the first window was looked at.
  [[nodiscard]] const Plan& plan() const;
  /// What happened so far; `input`, `output` and `encoder` are empty.
  [[nodiscard]] Report report() const;

 private:
  struct State;
  explicit Restorer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cleanplate
