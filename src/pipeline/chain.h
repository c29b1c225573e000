/// @file
/// The three stages between decoder and encoder, one after another; frames wait beside them.
#pragma once
#include <cleanplate/detector.h>
#include <cleanplate/inpainter.h>
#include <cleanplate/mask_tracker.h>

#include <cstdint>
#include <deque>

namespace cleanplate {

/// Frames wait beside the detector and the tracker, which may look ahead; then they are restored.
/// Threads: one object, one thread at a time.
class Chain {
 public:
  /// The stages outlive the chain.
  Chain(Detector& detector, MaskTracker& tracker, Inpainter& inpainter)
      : detector_(detector), tracker_(tracker), inpainter_(inpainter) {}

  /// @return errors of the stages; `internal`: one of them takes nothing and gives nothing.
  [[nodiscard]] Result<void> push(const Frame& frame);
  /// @return `ok`; `again`; `end`.
  [[nodiscard]] Result<Flow> pull(Frame& frame);
  [[nodiscard]] Result<void> flush();
  [[nodiscard]] int latency() const;
  /// Frames so far that have a mask.
  [[nodiscard]] std::int64_t changed() const { return changed_; }

 private:
  Result<void> track();
  Result<void> mask();
  Result<void> inpaint(const FrameMask& mask);

  Detector& detector_;
  MaskTracker& tracker_;
  Inpainter& inpainter_;
  std::deque<Frame> waiting_;  // pushed, not masked yet
  std::deque<Frame> ready_;    // the inpainter was full
  std::int64_t changed_ = 0;
};

}  // namespace cleanplate
