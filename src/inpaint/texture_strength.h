/// @file
/// How much texture there is round a hole, and so how much belongs into it.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "inpaint/fill_crop.h"
#include "inpaint/propagate_extend.h"

namespace cleanplate {

/// The usual size of what a plane differs by from its surroundings' mean, place by place: a low
/// percentile, so that a line or an edge through something flat does not count, and texture does.
/// Threads: one object, one thread at a time.
class TextureStrength {
 public:
  TextureStrength() = default;
  /// @param cell  samples to a side of the squares that are measured.
  TextureStrength(const HoleMask& hole, int cell);

  /// @return the greatest of the squares' deviations, code values.
  float measure(const CropPlane& plane);
  /// After `measure`: the deviation to be expected at a place, code values; in the hole, what is
  /// round it, interpolated.
  [[nodiscard]] float at(int x, int y) const;

 private:
  int width_ = 0, height_ = 0, cell_ = 0, cells_wide_ = 0, cells_high_ = 0;
  std::vector<int> probes_, probe_cells_;  ///< places whose window is known, by cell
  std::vector<std::uint32_t> sums_;        ///< (width + 1) × (height + 1), of all above and left
  std::vector<float> value_, weight_, seen_;
  Extender extender_;
};

}  // namespace cleanplate
