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
  double asked = 0;     ///< evidence that needs no other proof there; above 1: none does
};

/// @param map   probability per cell of `cell` luma samples, each way.
/// @param edges of the same frames: an overlay's edges stay.
/// @return accepted where it needs no other proof, or, with a score below sure_score, where that is
///         worth a try.
[[nodiscard]] std::vector<NetworkSighting> network_candidates(const Field& map, int cell,
                                                              const StaticEdges& edges,
                                                              Size picture);

/// What was seen at several sizes of the picture, each place once.
/// @return by falling evidence, at most 32.
[[nodiscard]] std::vector<NetworkSighting> each_once(std::vector<NetworkSighting> sightings);

/// The share of the smaller box that both have.
[[nodiscard]] double shared(const Box& a, const Box& b);

}  // namespace cleanplate
