#include "crop.h"

#include <algorithm>

namespace quality {

CropBoxes boxes_around(const std::vector<demo::Overlay>& overlays, int margin,
                       const AVFrame& like) {
  CropBoxes boxes{};
  for (int c = 0; c < 3; ++c) {
    const auto i = static_cast<std::size_t>(c);
    const auto [w, h] = demo::size_of(like, c);
    int left = w, top = h, right = 0, bottom = 0;
    for (const demo::Overlay& overlay : overlays) {
      const demo::Layer& layer = overlay.layers[i];
      left = std::min(left, layer.x), top = std::min(top, layer.y);
      right = std::max(right, layer.x + layer.width);
      bottom = std::max(bottom, layer.y + layer.height);
    }
    const int mx = margin * w / like.width, my = margin * h / like.height;
    left = std::max(0, left - mx), top = std::max(0, top - my);
    right = std::min(w, right + mx), bottom = std::min(h, bottom + my);
    boxes[i] = {left, top, std::max(0, right - left), std::max(0, bottom - top)};
  }
  return boxes;
}

Crop cut(const AVFrame& frame, const CropBoxes& boxes) {
  Crop crop;
  for (int c = 0; c < 3; ++c) {
    const auto [x, y, w, h] = boxes[static_cast<std::size_t>(c)];
    Patch& patch = crop[static_cast<std::size_t>(c)];
    patch = {x, y, w, h, {}};
    patch.samples.reserve(static_cast<std::size_t>(w) * static_cast<std::size_t>(h));
    for (int py = y; py < y + h; ++py)
      for (int px = x; px < x + w; ++px)
        patch.samples.push_back(static_cast<std::uint16_t>(demo::sample(frame, c, px, py)));
  }
  return crop;
}

}  // namespace quality
