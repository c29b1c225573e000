#include "composite/component_mask.h"

#include <algorithm>

namespace cleanplate {

std::vector<std::uint8_t> component_mask(const Mask& mask, PixelFormat format, int component,
                                         const Box& box) {
  const int sx = component ? format.chroma_shift_x() : 0;
  const int sy = component ? format.chroma_shift_y() : 0;
  std::vector<std::uint8_t> out;
  out.reserve(static_cast<std::size_t>(box.area()));
  for (int y = box.y; y < box.bottom(); ++y)
    for (int x = box.x; x < box.right(); ++x) {
      std::uint8_t most = 0;
      for (int j = 0; j <= sy; ++j)
        for (int i = 0; i <= sx; ++i) most = std::max(most, mask.at((x << sx) + i, (y << sy) + j));
      out.push_back(most);
    }
  return out;
}

void add_masks(std::span<const std::shared_ptr<const Mask>> masks, PixelFormat format,
               int component, const Box& box, std::vector<std::uint8_t>& to) {
  for (const auto& mask : masks) {
    const auto covered = component_mask(*mask, format, component, box);
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = std::max(to[i], covered[i]);
  }
}

Box box_of(const std::vector<std::uint8_t>& mask, const Box& at) {
  int left = at.right(), top = at.bottom(), right = at.x, bottom = at.y;
  std::size_t i = 0;
  for (int y = at.y; y < at.bottom(); ++y)
    for (int x = at.x; x < at.right(); ++x)
      if (mask[i++]) {
        left = std::min(left, x), right = std::max(right, x + 1);
        top = std::min(top, y), bottom = y + 1;
      }
  return right > left ? Box{left, top, right - left, bottom - top} : Box{};
}

std::vector<std::uint8_t> cut_out(const std::vector<std::uint8_t>& mask, const Box& at,
                                  const Box& inner) {
  std::vector<std::uint8_t> out;
  out.reserve(static_cast<std::size_t>(inner.area()));
  for (int y = 0; y < inner.height; ++y) {
    const auto row =
        mask.begin() +
        static_cast<std::ptrdiff_t>(place_of(inner, at) + static_cast<std::size_t>(y * at.width));
    out.insert(out.end(), row, row + inner.width);
  }
  return out;
}

}  // namespace cleanplate
