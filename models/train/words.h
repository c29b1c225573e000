/// @file
/// Words, names and clocks as coverage, in any of the fonts and scripts.
#pragma once
#include "material.h"

namespace cleanplate::train {

/// One or two lines of a few words, a name, an address, or what stays of a clock that counts.
/// @param height  pixels to the em. May come out empty.
Field make_words(const Material& material, Random& random, int height);
/// A line of a subtitle, or a clock. May come out empty.
Field make_small_line(const Typeface& face, Random& random, int height);

}  // namespace cleanplate::train
