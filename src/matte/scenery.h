/// @file
/// What scenery without a mark would pass for.
#pragma once
#include <vector>

#include "matte/paint_map.h"

namespace cleanplate {

/// The scene beside a mark, against which what a paint does for the mark's plate is held.
class Scenery {
 public:
  /// @param placebo  a place without overlay.
  explicit Scenery(const CropStack& placebo);
  /// How many levels fewer the scene jumps if the paint is laid where it suits best, over so many
  /// samples (settle_paints, without votes).
  [[nodiscard]] double use_for(const Paint& paint, std::size_t samples) const;
  /// Whether the last paint may be nothing but scenery that is seen through a hole in the others:
  /// it lies within them, so that its D holds what the scene is apart there from outside, and is no
  /// more than that may be.
  [[nodiscard]] bool may_be_seen_in(const PaintMap& map, const std::vector<Paint>& paints) const;

 private:
  Evidence evidence_;
  Field everywhere_;
  Contrast deviation_{};  // from place to place
};

}  // namespace cleanplate
