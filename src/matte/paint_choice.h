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
/// scenery suggests paints too, but its borders are the scene's own and stay, and what it has use
/// for, scenery beside the mark has too.
/// @param placebo  a place without overlay near by.
/// @param votes  D's.
/// @return no paints: none holds.
[[nodiscard]] PaintedMark choose_paints(const CropStack& seen, const CropStack& placebo,
                                        const Evidence& evidence, const Field& hint,
                                        std::vector<Paint> candidates,
                                        Votes votes = Votes::contrast);

}  // namespace cleanplate
