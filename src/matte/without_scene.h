/// @file
/// An outline cut back to the mark's own flat paints.
#pragma once
#include <cleanplate/mask.h>

#include <memory>

#include "matte/crop_stack.h"

namespace cleanplate {

/// What shows nothing through and is painted flat is known by its colours to the sample: they lie
/// in large even parts, stay the same in time, and nothing round the mark has them. Then what else
/// the outline holds, gaps between paints and scenery beside them, is the scene, if its colours
/// are: it shows what a fill goes on from. A part that shows the scene dimmed is kept, a shadow is
/// no scene.
/// @param outline  on the stack's box.
/// @param seen     the place's frames, with some of the surroundings.
/// @return null where the outline is to stay: paints like that do not make up the mark.
[[nodiscard]] std::shared_ptr<Mask> without_scene(const Mask& outline, const CropStack& seen);

}  // namespace cleanplate
