/// @file
/// Between un-blending and the fill, for one place.
#pragma once
#include <cleanplate/options.h>
#include <cleanplate/plan.h>

#include <string>

#include "matte/matte_network.h"
#include "pipeline/place_estimate.h"
#include "pipeline/proof.h"

namespace cleanplate {

/// Share of the contrast that un-blending may leave; above, the place is filled.
constexpr double most_left = .3;
/// Opacity that must be out of an estimate's reach for un-blending.
constexpr double surely_opaque = .95;

[[nodiscard]] Method wanted_method(const Options& options);
/// Decides between un-blending and the fill for one place.
/// @param there  of a mark that was followed nothing but it stands out in `seen`.
/// @param[in,out] reason  gets the sentences that say why.
[[nodiscard]] PlannedOverlay planned(const Candidate& candidate, PlaceEstimate place,
                                     const Likely& likely, const CropStack& seen, There there,
                                     Method wanted, std::string& reason);
/// The same with the overlay known: there is nothing to doubt but how much shines through it.
[[nodiscard]] PlannedOverlay planned_master(const Candidate& candidate, PlaceEstimate place,
                                            Method wanted, std::string& reason);

}  // namespace cleanplate
