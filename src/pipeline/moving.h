/// @file
/// Follows a mark that moves through a file.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/options.h>

#include <string>

#include "detect/regions.h"

namespace cleanplate {

/// @param told  where the mark is in the first frame of its time.
/// @return the same with a stay for each frame in which it is there, forth and back.
///         Errors of VideoDecoder; `cancelled`.
[[nodiscard]] Result<Region> follow_told(const std::string& input, const Options& options,
                                         const Region& told, const CancelToken& cancel);

}  // namespace cleanplate
