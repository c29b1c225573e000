/// @file
/// All that may be a mark's, for a fill: a piece left out stays in the picture, a sample too many
/// costs likeness.
#pragma once
#include <cleanplate/mask.h>

#include <memory>

#include "matte/crop_stack.h"
#include "matte/likely.h"

namespace cleanplate {

enum class Margin { close, wide };

/// What the frames tell and what its looks tell, together, and foreign colours. Where nobody
/// looked, also what that encloses.
/// @param support  by the frames; null: they tell nothing.
/// @param margin   wide: where the frames tell little, so that even what hardly looks like a mark's
/// edge counts.
/// @param seen   the place's frames, with some of the surroundings.
/// @param place  luma samples; nothing is added outside it by its colours.
[[nodiscard]] std::shared_ptr<Mask> mark_outline(const Mask* support, const Likely& likely,
                                                 const CropStack& seen, const Box& place,
                                                 Margin margin);

/// Whether more than a few samples of the place that the outline leaves out change in time far more
/// than all round the place: text that comes and goes is in no outline.
[[nodiscard]] bool changes_beside(const Mask& outline, const CropStack& seen, const Box& place);

}  // namespace cleanplate
