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
  HoleMasks holes;       ///< where overlays lie in it
  int away = 0;          ///< frames; below 0 before
  CropThere there = {};  ///< the crop on the device
};

/// As Propagator, but each frame has a hole of its own, and the frames that are looked at are
/// given: what none of them shows is filled from around. Their motion is found directly, so they
/// may be any. Threads: one object, one thread and one stream at a time; always the same samples.
class Uncoverer {
 public:
  /// @return as Filler::create.
  [[nodiscard]] static Result<Uncoverer> create(const Device& device, PixelFormat format,
                                                const HoleMasks& holes);

  /// Writes the hole's samples; all others stay as they are.
  /// @param frame   the frame's number in the clip.
  /// @param others  nearest first; those that show another scene are left out here. They may go
  /// after the call, failed or not.
  Result<void> fill(Stream& stream, Crop& crop, std::int64_t frame,
                    std::span<const OtherFrame> others);
  /// 0…1: share of the luma hole that came from other frames.
  [[nodiscard]] double share() const;

 private:
  Uncoverer(const Device& device, PixelFormat format, const HoleMasks& holes, Filler filler);

  Device device_;
  HoleMasks holes_;
  float scale_;
  Filler filler_;
  Gatherer gatherer_;
};

}  // namespace cleanplate
