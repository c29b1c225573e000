/// @file
/// The parts of a mark that a model of its main paint leaves out.
#pragma once
#include <cleanplate/mask.h>

#include <memory>

#include "matte/crop_stack.h"

namespace cleanplate {

/// What a mark encloses: the scene, or its too.
enum class Holes { kept, closed };

/// A mask for a fill, with what in its place has a colour that nothing round the place has: a
/// mark's other colours; and, if wanted, with what that encloses. A sample too many costs a fill
/// little, one too few stays in the picture.
/// @param seen   the place's frames, with some of the surroundings.
/// @param place  luma samples; nothing is added outside it.
[[nodiscard]] std::shared_ptr<Mask> with_foreign_colours(const Mask& mask, const CropStack& seen,
                                                         const Box& place,
                                                         Holes holes = Holes::closed);

}  // namespace cleanplate
