/// @file
/// Whether what was found at a place is an overlay that stays there.
#pragma once
#include <cleanplate/gain.h>

#include <string>
#include <vector>

#include "detect/static_candidates.h"
#include "matte/estimate.h"

namespace cleanplate {

/// Whether it is known in which frames a mark is at its place.
enum class There { always, at_times, moving };

/// Share of a mark's samples that one α and W may leave unexplained.
constexpr double most_changing = .3;
/// Score of the network, or of what stays so much better, that leaves no doubt of a mark.
constexpr double no_doubt = .97;
/// Times as much as a scene's, that the outline of a mark that is plain to see stands out.
constexpr double plain_outline = 4;
/// Share of its contrast, below which what un-blending leaves is a proof.
constexpr double proof_left = .14;

/// Whether one of them needs no proof.
[[nodiscard]] bool any_sure(const std::vector<Candidate>& candidates);
/// An estimate costs a second, and its frames; what it could not prove is not looked at.
[[nodiscard]] std::vector<Candidate> worth_a_look(std::vector<Candidate> candidates);
/// A bar of one colour, long and with nothing in it, as lies above or beside a picture in a frame.
[[nodiscard]] bool plain_bar(const CropStack& seen, const Box& place);
/// Whether what was found spans the place: who tells a place draws it round the mark, and a place
/// is found by what stays in all of it, so a small find in it is something else.
[[nodiscard]] bool spans(const Mask& mask, const Box& place);
/// It stays many times better than all else does. Else it must be seen to be an overlay: scenery
/// varies as much as what is beside it, and un-blending it does not make it vanish; an overlay dims
/// what is behind it, and goes.
/// Of one that moves a fill is better than un-blending nearly always, as what it hides is seen in
/// other frames; that speaks against none.
/// @param[in,out] reason  gets a sentence where it is not.
[[nodiscard]] bool proven(const MatteEstimate& estimate, const Detection& found, There there,
                          std::string& reason);
/// A mark that was found by what stays is there more often than not, unless its looks leave no
/// doubt (subtitles); scenery that looks like one moves into its place and on.
[[nodiscard]] bool mostly_away(const Detection& found, const GainHistory& gain);
/// A sentence about a gain that varies; else empty.
[[nodiscard]] std::string told_gain(const GainHistory& gain);

}  // namespace cleanplate
