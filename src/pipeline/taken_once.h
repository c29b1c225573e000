/// @file
/// A mark that was found twice is taken off once.
#pragma once
#include <cleanplate/plan.h>

#include <cstddef>
#include <vector>

namespace cleanplate {

/// Which overlays lie for the most part in a larger one that is there whenever they are: taken off
/// after it they would leave the mark's inverse. By rising index.
[[nodiscard]] std::vector<std::size_t> taken_with_another(
    const std::vector<PlannedOverlay>& overlays);

}  // namespace cleanplate
