/// @file
/// The hole of an overlay that moves on, filled from frames in which it lies elsewhere.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/result.h>

#include <cstdint>
#include <span>

#include "inpaint/fill.h"
#include "inpaint/propagate_gather.h"

namespace cleanplate {

/// The same part of the picture in another frame.
struct OtherFrame {
  Crop crop;
  HoleMasks holes;  ///< where overlays lie in it
  int away = 0;     ///< frames; below 0 before
};

/// As Propagator, but each frame has a hole of its own, and the frames that are looked at are
/// given: what none of them shows is filled from around. Their motion is found directly, so they
/// may be any. All of it is the host's: buffers and masks that are new in every frame would cost a
/// card more than the gathering, a small part of this. Threads: one object, one thread at a time;
/// always the same samples.
class Uncoverer {
 public:
  /// @param device  the job's; of use where it reaches the host's memory.
  /// @return as Filler::create.
  [[nodiscard]] static Result<Uncoverer> create(const Device& device, PixelFormat format,
                                                const HoleMasks& holes);

  /// Writes the hole's samples; all others stay as they are.
  /// @param frame   the frame's number in the clip.
  /// @param others  nearest first; those that show another scene are left out here.
  Result<void> fill(Crop& crop, std::int64_t frame, std::span<const OtherFrame> others);
  /// 0…1: share of the luma hole that came from other frames.
  [[nodiscard]] double share() const { return share_; }

 private:
  Uncoverer(const Device& host, Stream stream, PixelFormat format, const HoleMasks& holes,
            Filler filler);

  Device host_;
  Stream stream_;
  PixelFormat format_;
  HoleMasks holes_;
  Filler filler_;
  double share_ = 0;
};

}  // namespace cleanplate
