/// @file
/// A box as a hole, on each component's grid.
#pragma once
#include <cleanplate/frame.h>

#include "inpaint/fill_crop.h"

namespace box_holes {

/// @param crop  of the luma. @param hole  luma samples in it.
inline cleanplate::HoleMasks holes_of(cleanplate::PixelFormat format, cleanplate::Size crop,
                                      cleanplate::Box hole) {
  cleanplate::HoleMasks out;
  for (int c = 0; c < format.components(); ++c) {
    const int sx = c ? format.chroma_shift_x() : 0, sy = c ? format.chroma_shift_y() : 0;
    cleanplate::HoleMask& m = out[static_cast<std::size_t>(c)];
    m = {crop.width >> sx, crop.height >> sy, {}};
    for (int y = 0; y < m.height; ++y)
      for (int x = 0; x < m.width; ++x) m.values.push_back(hole.contains(x << sx, y << sy));
  }
  return out;
}

}  // namespace box_holes
