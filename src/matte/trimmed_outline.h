/// @file
/// An outline without the scene at its rim.
#pragma once
#include <cleanplate/mask.h>
#include <cleanplate/overlay.h>

#include <memory>

#include "matte/crop_stack.h"
#include "matte/likely.h"

namespace cleanplate {

/// An outline is drawn wide, so that no piece of the mark stays. A sample at its rim that a fill
/// from around foretells as well as it foretells the scene right beside shows nothing of the mark:
/// it is left to the fill to go on from. So strokes lose a sample or two on either side before
/// texture, and nothing before a sky, where the least trace would be seen.
/// @param outline  on the stack's box.
/// @param model    on the outline's box; what is dense by it stays. May be null.
/// @param likely   what surely looks like the mark stays.
/// @param seen     the place's frames, with some of the surroundings.
[[nodiscard]] std::shared_ptr<Mask> trimmed_outline(const Mask& outline, const OverlayModel* model,
                                                    const Likely& likely, const CropStack& seen);

}  // namespace cleanplate
