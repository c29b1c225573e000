/// @file
/// Looks through a file for overlays that come and go.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/options.h>

#include <span>
#include <string>
#include <vector>

#include "detect/moving_marks.h"
#include "detect/passing_marks.h"

namespace cleanplate {

/// Short files are decoded through, of long ones first a few stretches, and only where a pattern
/// comes again in them all of it; where something pops all frames are decoded once more, to tell to
/// the frame when it is an overlay's.
/// @param seen  what one look at the clip's mean told: a place that the network sees there is asked
///              for its two states as well.
/// @param[out] moving  are shown the frames of the first look, as they are decoded once for all.
///             @return errors of VideoDecoder; `cancelled`.
[[nodiscard]] Result<std::vector<PassingMark>> find_passing(const std::string& input,
                                                            const Options& options,
                                                            const std::vector<Candidate>& seen,
                                                            std::span<MovingMarkFinder> moving,
                                                            const CancelToken& cancel);

}  // namespace cleanplate
