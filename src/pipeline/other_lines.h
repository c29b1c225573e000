/// @file
/// Lines of one text, that are at one place at different times, hide equally much.
#pragma once
#include <cleanplate/plan.h>

#include <cstddef>
#include <vector>

namespace cleanplate {

/// Which overlays had better be filled as another line at their place is.
/// @param seen_bare  of each: what it hides was seen, so its own opacity is known.
[[nodiscard]] std::vector<std::size_t> filled_as_other_lines(
    const std::vector<PlannedOverlay>& overlays, const std::vector<bool>& seen_bare);

}  // namespace cleanplate
