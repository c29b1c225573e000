/// @file
/// Marks, or what of them, that only their hue tells from the scene.
#pragma once
#include <cleanplate/detection.h>

#include <array>
#include <vector>

#include "detect/static_edges.h"
#include "frame/field.h"

namespace cleanplate {

/// A sure place grows by what its hue's edges outline round it: a disc of the scene's
/// brightness under white letters. Its outline must lead into one hue all the way round, as a
/// scene's edges do not. Other places that lie in it then belong to it.
/// @param chroma  mean Cb and Cr of frames that show a changing scene, 8-bit levels, on their own
///                grid; empty fields: grey, nothing grows.
void grow_by_hue(const std::array<Field, 2>& chroma, Size picture,
                 std::vector<Candidate>& candidates);

/// Where the scene moves: what its hue alone outlines, a mark as bright as the scene. Few places,
/// each of which asks for a second proof, are added.
/// @param chroma  as above.
void find_by_hue(const std::array<Field, 2>& chroma, const StaticEdges& edges, Size picture,
                 std::vector<Candidate>& candidates);

}  // namespace cleanplate
