/// @file
/// The frames round the one that is filled.
#pragma once
#include <cstdint>
#include <deque>
#include <vector>

#include "inpaint/exemplar_search.h"
#include "inpaint/passing.h"
#include "inpaint/propagate_gather.h"
#include "inpaint/propagate_motion.h"

namespace cleanplate {

/// A frame in the window.
struct HeldFrame {
  std::int64_t frame = 0;
  Crop seen, filled;
  DevicePlanes<std::uint16_t> seen_there, filled_there;  ///< the same on the device
  PicturePyramid pyramid;  ///< empty once both neighbours are registered
  Motion from_last;        ///< from the frame before to this one
  bool linked = false;     ///< whether that could be found
  bool given = false;      ///< whether the hole came filled: then both are one
  SmallPicture small;      ///< by which is seen what passes
  bool anchor = false;     ///< whether texture is looked for in it
  bool looked = false;     ///< whether it was
  ExemplarSteps steps;     ///< where texture is, if there is any
};

/// Frames in a row, the oldest first; those before and after the next to come out.
struct HeldFrames {
  std::deque<HeldFrame> frames;
  std::size_t next = 0;  ///< place of the frame that comes out next

  /// Frames that one is linked to, itself first, then the nearest, at most `reach` away.
  /// @param[out] pictures  the same, the one itself left out, and every other one of many.
  void look_around(std::size_t index, int reach, std::vector<Neighbour>& crops,
                   std::vector<TimeNeighbour>& pictures) const;

  /// The anchor at or before the next frame, and the one after it, if it is linked to one; how far
  /// the next frame is on the way, 0…1.
  struct Anchors {
    std::size_t before = 0, after = 0;
    float way = 0;  ///< 0 where there is none after
  };
  [[nodiscard]] Anchors anchors() const;
};

}  // namespace cleanplate
