/// @file
/// What a computer's screen, a slide or a page shows: sharp, still, full of words, and all of it
/// the scene. Taught as "no".
#pragma once
#include "canvas.h"
#include "material.h"

namespace cleanplate::train {

/// Windows, menus, columns of text, icons, over what lies in `rgb` or over a plain ground.
void put_screen(const Material& material, Random& random, Canvas& rgb);

}  // namespace cleanplate::train
