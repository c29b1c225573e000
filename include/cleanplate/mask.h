/// @file
/// Which samples an overlay covers.
#pragma once
#include <cleanplate/geometry.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace cleanplate {

/// 8-bit coverage on the luma grid inside a box; 0 everywhere outside it.
struct Mask {
  Box box;
  std::vector<std::uint8_t> values;  ///< box.height rows of box.width; 0 outside … 255 inside

  [[nodiscard]] std::uint8_t at(int x, int y) const {
    return box.contains(x, y)
               ? values[static_cast<std::size_t>(y - box.y) * static_cast<std::size_t>(box.width) +
                        static_cast<std::size_t>(x - box.x)]
               : std::uint8_t{0};
  }
};

/// One overlay in one frame.
struct TrackMask {
  int track = 0;                     ///< the track's number within the plan, from 0
  std::shared_ptr<const Mask> mask;  ///< shared by the frames of a static track
  int dx = 0, dy = 0;                ///< where the mask lies now, against mask->box
  float fx = 0, fy = 0;              ///< and so much of a sample farther, 0…1
};

/// All overlays in one frame; empty: the frame passes through as it is.
struct FrameMask {
  std::int64_t pts = 0;
  std::vector<TrackMask> overlays;
};

}  // namespace cleanplate
