/// @file
/// What belongs to the scene and yet is sharp, fine or regular: taught as "no".
#pragma once
#include "canvas.h"
#include "material.h"

namespace cleanplate::train {

/// Stems, branches, wires: many fine strokes of about one direction.
void put_stems(Random& random, Canvas& rgb);
/// Leaves, petals, pebbles: many small rounds of about one colour.
void put_leaves(Random& random, Canvas& rgb);
/// Things cut out of photographs, lit as the scene is: fruit, birds, tools, road signs.
void put_objects(const Material& material, Random& random, Canvas& rgb);
/// Fences, blinds, tiles: lines at one distance.
void put_lines(Random& random, Canvas& rgb);

}  // namespace cleanplate::train
