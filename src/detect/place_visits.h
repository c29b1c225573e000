/// @file
/// From a place's probes to the frames in which something is there.
#pragma once
#include <cstddef>
#include <vector>

#include "detect/place_probe.h"
#include "detect/scene_cuts.h"

namespace cleanplate {

/// Frames first … last, both inclusive.
struct Visit {
  std::size_t first = 0, last = 0;
};

struct Visits {
  std::vector<Visit> visits;
  std::size_t frames = 0;  ///< in all visits
  /// Comings and goings from one frame to the next while the scene goes on; one with a scene that
  /// comes again, as in a loop, is no other one.
  int pops = 0;
  /// Cuts that it stays over; not those to a scene that it was in before, where it may belong to
  /// it.
  int cuts = 0;
  double steady = 0;  ///< share of the frames in which it is wholly there or wholly gone
  double alike = 0;   ///< median correlation with its pattern while it is there
};

/// What SceneCuts tells of a clip.
struct Scenes {
  explicit Scenes(const SceneCuts& of) : seen(of), cut(of.cuts()), returns(of.returns()) {}

  const SceneCuts& seen;
  std::vector<bool> cut;
  std::vector<std::size_t> returns;
};

/// Frames that cannot be decided (the mark has the scene's colour, or the scene is too rough) are
/// taken with the visit beside them. The edges of a visit reach out over a fade.
/// @param scenes  of the same frames.
[[nodiscard]] Visits visits_of(const std::vector<Probe>& probes, const Scenes& scenes);

}  // namespace cleanplate
