/// @file
/// What lies between a bar and the picture's edge.
#pragma once
#include <cleanplate/geometry.h>
#include <cleanplate/mask.h>

#include <memory>

namespace cleanplate {

/// A bar that ends a few samples before the picture's edge goes on to it: looks and networks, which
/// see nothing beyond the edge, tell little there, and a fill would spread what is left.
/// @return the mask itself where no side of it is a bar's, along most of its length near the edge.
[[nodiscard]] std::shared_ptr<const Mask> up_to_edges(std::shared_ptr<const Mask> mask,
                                                      Size picture);

}  // namespace cleanplate
