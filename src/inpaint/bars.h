/// @file
/// Black bars at a crop's edges: a letterbox that runs through a hole.
#pragma once
#include <cleanplate/frame.h>

#include <array>
#include <vector>

#include "inpaint/fill_crop.h"

namespace cleanplate {

/// How many rows and columns of a crop's components are bars.
struct Bars {
  struct Sides {
    int left = 0, top = 0, right = 0, bottom = 0;
    bool operator==(const Sides&) const = default;
  };
  std::array<Sides, 3> sides;
  [[nodiscard]] bool any() const {
    const Sides& s = sides[0];
    return s.left || s.top || s.right || s.bottom;
  }
};

/// Room for a row's samples, kept from frame to frame.
struct BarLines {
  std::vector<int> here, beyond, sorted;
};

/// Rows (columns) from an edge on that are black and even all along, and end at once in a picture
/// that is not; as far as they reach into the hole.
[[nodiscard]] Bars bars_of(const Crop& crop, const HoleMasks& holes, PixelFormat format,
                           BarLines& lines);
/// What lies inside the bars.
[[nodiscard]] Crop inside(const Bars& bars, const Crop& crop);
[[nodiscard]] HoleMasks inside(const Bars& bars, const HoleMasks& holes);
/// Puts back what `inside` cut out.
void lay_inside(const Bars& bars, const Crop& part, Crop& crop);
/// The hole's samples that the bars run through, each row (column) as its known samples are.
void draw(const Bars& bars, const HoleMasks& holes, Crop& crop, BarLines& lines);

}  // namespace cleanplate
