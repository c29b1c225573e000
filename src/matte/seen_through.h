/// @file
/// Whether a scene's detail is seen through a mark: what an opaque one shows none of, whether the
/// camera moves or not.
#pragma once
#include <optional>

#include "matte/crop_stack.h"
#include "matte/likely.h"

namespace cleanplate {

/// Detail is what a sample's luma is off the mean of those round it. Paint has none, so what is in
/// the mark came through it; what it has of its own makes the answer too large, never too small.
/// @param mark   luma grid of the stack's box: >0 where the mark surely is.
/// @param reach  the same: >0 where it may be.
/// @return the mark's usual detail over the surroundings'; nothing where either is too small or the
///         surroundings are flat.
[[nodiscard]] std::optional<double> detail_seen_through(const CropStack& seen, const Field& mark,
                                                        const Field& reach);

}  // namespace cleanplate
