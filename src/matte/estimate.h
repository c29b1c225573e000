/// @file
/// From the same place in many frames to the overlay's α and W, or to the word that it cannot be.
#pragma once
#include <cleanplate/mask.h>
#include <cleanplate/overlay.h>

#include <memory>

#include "matte/crop_stack.h"
#include "matte/likely.h"

namespace cleanplate {

struct MatteEstimate {
  std::shared_ptr<OverlayModel> model;  ///< null: no overlay stands out here
  std::shared_ptr<Mask> support;        ///< luma samples with any overlay; null without a model
  /// Of a master, for a fill: the support and two samples round it. Null of what was estimated,
  /// which mark_outline goes round.
  std::shared_ptr<Mask> reach;
  /// Share of the support whose samples over time do not follow one α and W: 0…1. A clock's
  /// digits, a fading mark.
  double changing = 0;
  double opacity = 0;  ///< the whole mark's as measured, before it is drawn to what is usual
  /// Share of the mark's contrast that un-blending leaves at its contour, beyond what a scene has
  /// there by itself; 0 none.
  double left = 1;
  /// The mean picture's jump across the mark's contour, against a scene's own jumps there.
  double stands_out = 0;
  double trust = 0;              ///< 0…1, mean of the mattes' over the mark
  bool crisp = false;            ///< it stays many times better than what chance leaves there
  bool bent = false;             ///< no mixture of code values, see Bend
  bool worse_than_fill = false;  ///< what is left is more than a fill would be wrong by
  /// What it hides was seen before it came or after it went, and is seen to shine through or not
  /// (stepped_mark.h).
  bool seen_bare = false;
  double background_motion = 0;  ///< rms change of the background over time, 8-bit levels
};

/// @param placebo  a place of the same size without overlay, near by: what chance does there is
///                 what chance does under the overlay.
/// @param hint     luma grid of the stack's box: >0 where the overlay may be.
/// @param likely   by the looks of the same grid, if somebody looked.
[[nodiscard]] MatteEstimate estimate_matte(const CropStack& seen, const CropStack& placebo,
                                           const Field& hint, const Likely& likely = {});

}  // namespace cleanplate
