/// @file
/// Masks on the grid of one component, row by row.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/mask.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace cleanplate {

/// A luma mask on a component's grid: any covered luma sample covers the chroma one.
[[nodiscard]] std::vector<std::uint8_t> component_mask(const Mask& mask, PixelFormat format,
                                                       int component, const Box& box);
/// Adds what these masks cover to one that lies at `box`.
void add_masks(std::span<const std::shared_ptr<const Mask>> masks, PixelFormat format,
               int component, const Box& box, std::vector<std::uint8_t>& to);
/// Round all that is not 0 of a mask that lies at `at`; empty where all is.
[[nodiscard]] Box box_of(const std::vector<std::uint8_t>& mask, const Box& at);
/// The part of a mask that lies at `at` which `inner`, inside it, has.
[[nodiscard]] std::vector<std::uint8_t> cut_out(const std::vector<std::uint8_t>& mask,
                                                const Box& at, const Box& inner);

/// Where a box's first sample lies among those of a larger one.
[[nodiscard]] inline std::size_t place_of(const Box& inner, const Box& at) {
  return static_cast<std::size_t>(inner.y - at.y) * static_cast<std::size_t>(at.width) +
         static_cast<std::size_t>(inner.x - at.x);
}

}  // namespace cleanplate
