/// @file
/// Which of the paints that D suggests are the mark's, and where they lie.
#pragma once
#include <vector>

#include "matte/paint_fit.h"

namespace cleanplate {

struct PaintedMark {
  std::vector<Paint> paints;
  PaintMap map;
  ContourFit opacity;  ///< of all contours together
};

/// Takes the candidate that lets the plate hang together best, then whichever adds enough to that:
/// scenery suggests paints too, but its borders are the scene's own and stay.
[[nodiscard]] PaintedMark choose_paints(const CropStack& seen, const Evidence& evidence,
                                        const Field& hint, std::vector<Paint> candidates);

}  // namespace cleanplate
