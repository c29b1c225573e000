/// @file
/// A paint's α and W from what lies on both sides of its contour.
#pragma once
#include <vector>

#include "matte/paint_map.h"

namespace cleanplate {

struct ContourFit {
  double alpha = .45, error = 1;  ///< its own, before it is drawn to anything
  std::size_t pairs = 0;          ///< 0: there is no contour to measure at
};

/// Solid samples of a paint, each with the nearest solid one of another paint (or none).
struct Contour {
  struct Pair {
    std::size_t in, out;
    std::uint8_t beyond;  ///< the paint at `out`
    std::uint8_t sector;  ///< 0…7, round the paint's middle
    bool deep;            ///< clear of what chroma smears over the edge
  };
  std::uint8_t paint;  ///< inside
  std::vector<Pair> pairs;
};
[[nodiscard]] Contour contour_of(const PaintMap& map, std::uint8_t paint, int near);

/// How much less the picture varies inside than outside: over time, pair by pair, and along the
/// contour; both sides vary alike but for 1 − α, so noise in either draws the answer to no side
/// (the symmetric slope). Errors by jackknife over the sectors.
[[nodiscard]] ContourFit fit_opacity(const CropStack& seen, const Evidence& evidence,
                                     const Contour& contour, const std::vector<Paint>& paints);

/// αW with α given, per component: the median over the pairs of inside − (1 − α) · plate outside,
/// which the scene's own edges across the contour hardly move; of chroma, grey where that leaves
/// the plate hardly worse.
[[nodiscard]] Contrast fit_colour(const Evidence& evidence, const Contour& contour,
                                  const std::vector<Paint>& paints, double alpha);

/// Mean square of the plate's jump across the contour, in cells along it so that texture averages
/// out, luma levels of the input's depth. `paint` 0 inside and outside: as seen, for a placebo.
[[nodiscard]] double contour_jump2(const Field& mean, const Contour& contour, int width,
                                   const Unblended& inside, const std::vector<Unblended>& outside);

}  // namespace cleanplate
