/// @file
/// A mark that was found twice is taken off once.
#pragma once
#include <cleanplate/plan.h>

#include <cstddef>
#include <memory>
#include <vector>

namespace cleanplate {

/// Which overlays lie for the most part in a larger one that is there whenever they are: taken off
/// after it they would leave the mark's inverse. The other way round where the larger one would be
/// filled though all that was measured to stand out in it is a smaller one's, which is un-blended.
/// By rising index.
/// @param measured  of each overlay, for which that is known: what stands out there. May be empty.
[[nodiscard]] std::vector<std::size_t> taken_with_another(
    const std::vector<PlannedOverlay>& overlays,
    const std::vector<std::shared_ptr<const Mask>>& measured = {});

}  // namespace cleanplate
