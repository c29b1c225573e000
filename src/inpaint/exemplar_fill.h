/// @file
/// Texture for a hole that no frame shows, from round it; it stays in time.
#pragma once
#include <cleanplate/frame.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "inpaint/backdrop.h"
#include "inpaint/exemplar_fusion.h"
#include "inpaint/exemplar_search.h"
#include "inpaint/passing.h"
#include "inpaint/propagate_window.h"

namespace cleanplate {

/// Where texture is taken from is looked for at anchors only: frames whose numbers lie on a grid,
/// and those after cuts. Between two anchors it is faded over from the one's to the other's. What
/// is taken are the frame's own samples, at steps that stay: so the texture moves with the scene,
/// ripples as water does, and stands still where its source does. Nothing is done, and next to
/// nothing is spent, where the surroundings are flat.
/// Threads: one object, one thread at a time.
class ExemplarFill {
 public:
  /// @param radius  frames that the window holds before and after the next.
  ExemplarFill(PixelFormat format, const HoleMasks& holes, int radius);

  /// Makes a frame fit for the window; its crops are there.
  void prepare(HeldFrame& held) const;
  /// Adds texture to the next frame's hole.
  /// @param around, pictures  HeldFrames::look_around's for the next frame and the radius.
  /// @param share  as for ExemplarFusion::add.
  /// @param[in,out] out  the frame, its hole filled smoothly.
  void add(HeldFrames& window, std::span<const Neighbour> around,
           std::span<const TimeNeighbour> pictures,
           const std::array<std::span<const float>, 3>& share, Crop& out);

 private:
  const ExemplarSteps& steps_at(HeldFrames& window, std::size_t index);

  /// Frames from one anchor to the next, and from an anchor to the last that it looks at: together
  /// the radius, so that whoever uses an anchor has in its window what the anchor looks at.
  int distance_, reach_;
  ExemplarSearch search_;
  ExemplarFusion fusion_;
  BackdropFinder backdrops_;
  PassingFinder passing_;
  std::vector<Neighbour> crops_;  // round an anchor
  std::vector<TimeNeighbour> pictures_;
  SmallPicture filled_;
};

}  // namespace cleanplate
