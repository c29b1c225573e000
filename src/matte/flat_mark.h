/// @file
/// A mark by its own flat paints: its outline to the sample, and whether it is opaque.
#pragma once
#include <cleanplate/mask.h>

#include <memory>

#include "matte/crop_stack.h"

namespace cleanplate {

/// What shows nothing through and is painted flat is known by its colours to the sample: they lie
/// in large even parts, stay the same in time, and nothing round the mark has them. Then what else
/// the outline holds, gaps between paints and scenery beside them, is the scene, if its colours
/// are: it shows what a fill goes on from. Where a part shows the scene dimmed nothing is told, a
/// shadow is no scene.
struct FlatMark {
  std::shared_ptr<Mask> outline;  ///< without the scene
  bool opaque = false;            ///< the paints are far more even than the scene round them
};

/// @param outline  on the stack's box.
/// @param seen     the place's frames, with some of the surroundings.
/// @param sure     on the stack's box, >0: the mark's by all else, even if it changes as the scene
/// does, unless it has the scene's colours. May be empty.
/// @return no outline: paints like that do not make up the mark.
[[nodiscard]] FlatMark flat_mark(const Mask& outline, const CropStack& seen,
                                 const Field& sure = {});

}  // namespace cleanplate
