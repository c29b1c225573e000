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

/// Samples above 0 that touch (8 neighbours), where gaps of up to `gap` samples join too.
[[nodiscard]] std::vector<Component> components(const Field& map, int gap);

}  // namespace cleanplate
