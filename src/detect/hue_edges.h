/// @file
/// Where a mark goes on that only its hue tells from the scene.
#pragma once
#include <cleanplate/detection.h>

#include <array>
#include <vector>

#include "frame/field.h"

namespace cleanplate {

/// A sure place grows by what its hue's edges outline round it: a disc of the scene's
/// brightness under white letters. Its outline must lead into one hue all the way round, as a
/// scene's edges do not. Other places that lie in it then belong to it.
/// @param chroma  mean Cb and Cr of frames that show a changing scene, 8-bit levels, on their own
///                grid; empty fields: grey, nothing grows.
void grow_by_hue(const std::array<Field, 2>& chroma, Size picture,
                 std::vector<Candidate>& candidates);

}  // namespace cleanplate
