/// @file
/// The part of a clip's frames that is measured: samples around the overlay's support.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "demo_clip/overlay.h"

namespace quality {

/// One component of one frame inside a box of the component's grid.
struct Patch {
  int x = 0, y = 0, width = 0, height = 0;
  std::vector<std::uint16_t> samples;
  [[nodiscard]] int at(int px, int py) const {
    return samples[static_cast<std::size_t>((py - y) * width + px - x)];
  }
};

/// Y, Cb and Cr of one frame.
using Crop = std::array<Patch, 3>;

/// Where patches lie: the boxes of all components.
using CropBoxes = std::array<std::array<int, 4>, 3>;

/// The boxes of `overlays`, united, grown by `margin` luma samples, inside the frame.
[[nodiscard]] CropBoxes boxes_around(const std::vector<demo::Overlay>& overlays, int margin,
                                     const AVFrame& like);
[[nodiscard]] Crop cut(const AVFrame& frame, const CropBoxes& boxes);

}  // namespace quality
