/// @file
/// From edges that stay to overlays, with a reason for each yes and no.
#pragma once
#include <cleanplate/detection.h>

#include <vector>

#include "detect/static_edges.h"

namespace cleanplate {

/// Of what stays: from here on it needs no other proof of being an overlay.
constexpr double sure_score = .85;
[[nodiscard]] inline bool surely_found(const Candidate& c) {
  return c.accepted && c.detection.score >= sure_score;
}

/// @return the strongest first; boxes in luma samples of a picture of `picture`.
[[nodiscard]] std::vector<Candidate> static_candidates(const StaticEdges& edges, Size picture,
                                                       double min_score);

}  // namespace cleanplate
