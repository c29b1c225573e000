/// @file
/// The colours that a text is painted in.
#pragma once
#include <cleanplate/text.h>

#include <cstdint>
#include <vector>

#include "matte/glyphs.h"

namespace cleanplate {

/// They are opaque, so the same in every frame, are rare round the place, lie in thin strokes and
/// stand out from what is beside them.
/// @param seen    one place in several frames. @param inside  1 where the text may be.
/// @param height  of the text, at most; luma samples.
/// @return the most foreign first; empty where none is seen.
[[nodiscard]] std::vector<TextPaint> text_paints(const std::vector<LevelPicture>& seen,
                                                 const std::vector<std::uint8_t>& inside,
                                                 int height);
/// A letter's outline goes all round it: sets `with` of each.
void pair_up(std::vector<TextPaint>& paints, const std::vector<LevelPicture>& seen,
             const std::vector<std::uint8_t>& inside);

}  // namespace cleanplate
