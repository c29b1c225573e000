#include "side_by_side.h"

#include <algorithm>
#include <cmath>

#include "picture.h"

namespace quality {

namespace {
constexpr int gap = 6;   // samples between two crops
constexpr int tall = 3;  // wider than so many heights: one below another

std::uint8_t byte_of(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
}
}  // namespace

void Strip::add(const Crop& crop) {
  if (!crop[0].samples.empty()) crops_.push_back(crop);
}

void Strip::write(const std::string& path) const {
  if (crops_.empty()) return;
  const int w = crops_[0][0].width * times_, h = crops_[0][0].height * times_;
  const int count = static_cast<int>(crops_.size());
  const bool down = w > tall * h;
  const int total = down ? w : count * (w + gap) - gap, rows = down ? count * (h + gap) - gap : h;
  std::vector<std::uint8_t> rgb(
      static_cast<std::size_t>(total) * static_cast<std::size_t>(rows) * 3, 255);
  const double unit = std::ldexp(1., 8 - bits_);
  for (int n = 0; n < count; ++n) {
    const Crop& crop = crops_[static_cast<std::size_t>(n)];
    const int left = down ? 0 : n * (w + gap), top = down ? n * (h + gap) : 0;
    const int sx = crop[1].width < crop[0].width, sy = crop[1].height < crop[0].height;
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        const int px = crop[0].x + x / times_, py = crop[0].y + y / times_;
        const auto chroma = [&](const Patch& p) {
          const int cx = std::clamp(px >> sx, p.x, p.x + p.width - 1);
          const int cy = std::clamp(py >> sy, p.y, p.y + p.height - 1);
          return (unit * p.at(cx, cy) - 128) * 255 / 224;
        };
        const double l = (unit * crop[0].at(px, py) - 16) * 255 / 219;
        const double cb = chroma(crop[1]), cr = chroma(crop[2]);
        const double r = l + 2 * (1 - luma_[0]) * cr, b = l + 2 * (1 - luma_[1]) * cb;
        const double g = (l - luma_[0] * r - luma_[1] * b) / (1 - luma_[0] - luma_[1]);
        auto* out = &rgb[3 * static_cast<std::size_t>((top + y) * total + left + x)];
        out[0] = byte_of(r), out[1] = byte_of(g), out[2] = byte_of(b);
      }
  }
  write_png(path, total, rows, 3, rgb);
}

}  // namespace quality
