/// @file
/// Overlays that come and go, blink, or jump from place to place.
#pragma once
#include <cleanplate/detection.h>
#include <cleanplate/plan.h>

#include <vector>

#include "detect/place_probe.h"
#include "detect/scene_cuts.h"

namespace cleanplate {

/// One place of one overlay.
struct PassingMark {
  Candidate candidate;
  std::vector<Stay> stays;  ///< when it is there
  int identity = -1;        ///< the same for all places of one overlay
};

/// What makes it an overlay: it comes or goes from one frame to the next while the scene goes on;
/// the same pattern is at another place at another time; it stays over a cut. Scenery that a
/// camera follows for a while moves into its place and out of it.
/// @param seconds  of each probed frame. @param cuts  was shown the same frames.
[[nodiscard]] std::vector<PassingMark> passing_marks(const std::vector<PlaceProbe>& probes,
                                                     const std::vector<double>& seconds,
                                                     const SceneCuts& cuts, int reduction,
                                                     Size picture);

/// A place that was taken for one that stays, and comes and goes, is given up for the mark with its
/// times; what proved that it is an overlay proves the mark. Of a place that surely holds a mark
/// more than half must: a clock's digits change on a bar that stays. A mark's place that is many
/// times larger than what surely holds one there has scenery in it that changed just then.
void take_over(std::vector<Candidate>& staying, std::vector<PassingMark>& marks);

/// Words of one line: at about one height, less than `apart` samples from each other.
[[nodiscard]] bool in_a_row(const Box& a, const Box& b, int apart);

/// Whether the places alone speak for an overlay that comes and goes: one pattern at two places, or
/// more than once at one.
[[nodiscard]] bool comes_again(const std::vector<PassingPlace>& places);
/// Whether a place does, or something comes or goes once while next to nothing else changes round
/// it: enough for another look, not for a mark.
[[nodiscard]] bool worth_another_look(const std::vector<PassingPlace>& places);

}  // namespace cleanplate
