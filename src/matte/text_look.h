/// @file
/// What a text that changes is painted in, from a sample of its frames.
#pragma once
#include <cleanplate/geometry.h>
#include <cleanplate/text.h>

#include <memory>

#include "matte/crop_stack.h"

namespace cleanplate {

/// A text's paints are opaque, so they have the same colour in every frame, lie in thin strokes,
/// and nothing round the place has them. What is seen of them must lie elsewhere from frame to
/// frame, or it is a mark that stays; and nothing else may come and go there, nor a bar lie behind
/// it, as these would be left.
/// @param seen   the place's frames, with some of the surroundings.
/// @param place  luma samples within the stack's box.
/// @return null where no such text is seen, or hardly anything round the place is.
[[nodiscard]] std::shared_ptr<const TextLook> text_look(const CropStack& seen, const Box& place);

}  // namespace cleanplate
