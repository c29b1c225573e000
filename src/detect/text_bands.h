/// @file
/// Where a text's lines come and go.
#pragma once
#include <cleanplate/detection.h>

#include <vector>

#include "detect/passing_marks.h"

namespace cleanplate {

/// Several lines at one height, or one in a place where a network surely sees an overlay in the
/// mean of all frames: other lines, that were not seen one by one, may be there as well.
/// @param staying, marks  before one of them takes over the other.
/// @return one candidate a band, of the kind "text", larger than the lines that were seen.
[[nodiscard]] std::vector<Candidate> text_bands(const std::vector<Candidate>& staying,
                                                const std::vector<PassingMark>& marks,
                                                Size picture);

}  // namespace cleanplate
