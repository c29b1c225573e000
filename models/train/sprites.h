/// @file
/// Overlays as they are seen on television and the web: words, clocks, logos, badges.
#pragma once
#include "canvas.h"
#include "material.h"

namespace cleanplate::train {

/// @param room  about how large it may be, pixels. May come out empty.
Sprite make_sprite(const Material& material, Random& random, int room);
/// Large, of one colour or its own, see-through: a logo or a word of a tenth of the picture and
/// more, opacity .12 … .5. May come out empty.
Sprite make_faint_mark(const Material& material, Random& random, int size);
/// Small letters in one or two lines: a subtitle, a timecode, a ticker. May come out empty.
Sprite make_text_line(const Material& material, Random& random, int size);
/// A bar with words in it, up to right across the picture: a clock's, a name's, a ticker's.
Sprite make_bar(const Material& material, Random& random, int size);
/// A picture with alpha as it is, scaled by averaging.
Sprite sprite_of(const Picture& rgba, int width);

}  // namespace cleanplate::train
