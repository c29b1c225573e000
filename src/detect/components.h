/// @file
/// Connected samples of a map.
#pragma once
#include <cleanplate/geometry.h>

#include <vector>

#include "frame/field.h"

namespace cleanplate {

struct Component {
  Box box;
  std::vector<std::size_t> samples;  ///< indices into the map
};

/// Whether a box comes within so many samples of the edge of its map.
[[nodiscard]] inline bool reaches_edge(const Box& box, Size map, int within) {
  return box.x < within || box.y < within || box.right() > map.width - within ||
         box.bottom() > map.height - within;
}

/// Samples above 0 that touch (8 neighbours), where gaps of up to `gap` samples join too.
[[nodiscard]] std::vector<Component> components(const Field& map, int gap);

}  // namespace cleanplate
