/// @file
/// From the network's map to overlays, with a reason for each yes and no.
#pragma once
#include <cleanplate/detection.h>

#include <vector>

#include "detect/static_edges.h"
#include "frame/field.h"

namespace cleanplate {

/// A place in the network's map, and what speaks for it.
struct NetworkSighting {
  Candidate candidate;
  double evidence = 0;  ///< 0…1: mean probability of its likeliest half, less where it is small
};

/// @param map   probability per cell of `cell` luma samples, each way.
/// @param edges of the same frames: an overlay's edges stay.
/// @return by falling evidence, at most 32; accepted where it needs no other proof.
[[nodiscard]] std::vector<NetworkSighting> network_candidates(const Field& map, int cell,
                                                              const StaticEdges& edges,
                                                              Size picture);

}  // namespace cleanplate
