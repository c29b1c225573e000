/// @file
/// Overlays as they are seen on television and the web: words, clocks, logos, badges.
#pragma once
#include "canvas.h"
#include "material.h"

namespace cleanplate::train {

/// @param room  about how large it may be, pixels. May come out empty.
Sprite make_sprite(const Material& material, Random& random, int room);
/// Coverage of words alone, for signs in the scene.
Field make_words(const Material& material, Random& random, int height);

}  // namespace cleanplate::train
