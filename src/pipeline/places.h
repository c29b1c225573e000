/// @file
/// Where the planner looks.
#pragma once
#include <cleanplate/detection.h>
#include <cleanplate/frame.h>

#include <cstddef>
#include <vector>

#include "detect/regions.h"

namespace cleanplate {

/// A place that may hold an overlay, and one of the same size beside it that does not.
struct PlaceToLookAt {
  std::size_t candidate;
  Box box, placebo;
  int reach = 0;  ///< as Region::reach
};

/// Bytes for the crops of all places together.
constexpr std::size_t place_memory = std::size_t{24} << 20;

/// All that it says may be the overlay's, luma samples.
[[nodiscard]] Box extent_of(const Detection& detection);

/// Of those that were accepted, with a margin.
/// @param regions  the candidates', or empty.
[[nodiscard]] std::vector<PlaceToLookAt> places_to_look_at(const std::vector<Candidate>& candidates,
                                                           const std::vector<Region>& regions,
                                                           PixelFormat format, Size picture);

}  // namespace cleanplate
