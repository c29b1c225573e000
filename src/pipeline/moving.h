/// @file
/// Follows a mark that moves through a file.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/options.h>

#include <span>
#include <string>
#include <vector>

#include "detect/moving_marks.h"
#include "detect/regions.h"

namespace cleanplate {

/// @param told  where the mark is in the first frame of its time.
/// @return the same with a stay for each frame in which it is there, forth and back.
///         Errors of VideoDecoder; `cancelled`.
[[nodiscard]] Result<Region> follow_told(const std::string& input, const Options& options,
                                         const Region& told, const CancelToken& cancel);

/// What was looked at, and where it is when.
struct FoundMoving {
  Candidate candidate;
  Region region;
};
/// A mark that the finder has seen to move is followed from there as one that was told.
/// @param finders  have been shown frames of this file; each is asked where those before it are not
///                 sure. @return as follow_told.
[[nodiscard]] Result<std::vector<FoundMoving>> find_moving(
    const std::string& input, const Options& options, std::span<const MovingMarkFinder> finders,
    const CancelToken& cancel);

}  // namespace cleanplate
