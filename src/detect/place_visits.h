/// @file
/// From a place's probes to the frames in which something is there.
#pragma once
#include <cstddef>
#include <vector>

#include "detect/place_probe.h"

namespace cleanplate {

/// Frames first … last, both inclusive.
struct Visit {
  std::size_t first = 0, last = 0;
};

struct Visits {
  std::vector<Visit> visits;
  std::size_t frames = 0;  ///< in all visits
  int pops = 0;       ///< comings and goings from one frame to the next while the scene goes on
  int cuts = 0;       ///< cuts of the scene that it stays over
  double steady = 0;  ///< share of the frames in which it is wholly there or wholly gone
  double alike = 0;   ///< median correlation with its pattern while it is there
};

/// Frames that cannot be decided (the mark has the scene's colour, or the scene is too rough) are
/// taken with the visit beside them. The edges of a visit reach out over a fade.
/// @param cut  per frame: the scene changed from the frame before.
[[nodiscard]] Visits visits_of(const std::vector<Probe>& probes, const std::vector<bool>& cut);

}  // namespace cleanplate
