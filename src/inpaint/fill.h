/// @file
/// The classical fill: what an opaque overlay hid is made up from its surroundings.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/result.h>

#include <cstdint>
#include <memory>

#include "inpaint/fill_crop.h"

namespace cleanplate {

struct FillOptions {
  /// 0…1: share of the surroundings' grain that is added to the fill, so that it does not show as
  /// a smooth patch. It is new in each frame, so it boils where the picture's own noise stands
  /// still, as compressed noise does: Propagator, which sees that, does it better. 0 is the best
  /// in PSNR.
  float grain = 0;
  /// 0…4 samples: known samples this near to the hole are trusted less (compression rings there).
  int ring = 2;
};

/// Fills the same hole in one frame after another, by edge-guided diffusion in the coded planes
/// (Weickert 1998, stencil; pyramid as in push-pull interpolation). Each frame is done alone: the
/// answer depends on nothing but the crop, the mask and the frame's number.
/// It stays smooth: texture that is made up for each frame alone would boil (see ExemplarFill).
/// Give 24 luma samples of context round the hole where the picture has them.
/// Threads: one object, one thread at a time; no threads inside, so always the same samples.
class Filler {
 public:
  /// @param format  layout and depth (8…16 bits) of the crops that will come.
  /// @param holes   one mask a component, all of the same size relation as the planes.
  /// @return `invalid_argument`: sizes do not fit, or a hole leaves no known sample.
  [[nodiscard]] static Result<Filler> create(const FillOptions& options, PixelFormat format,
                                             const HoleMasks& holes);
  Filler(Filler&&) noexcept;
  Filler& operator=(Filler&&) noexcept;
  ~Filler();

  /// Writes the hole's samples; all others stay as they are.
  /// @param frame  the frame's number in the clip; the grain changes with it.
  /// @return `invalid_argument`: the crop is not of the masks' size; nothing written.
  [[nodiscard]] Result<void> fill(Crop& crop, std::int64_t frame);

 private:
  struct State;
  explicit Filler(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cleanplate
