#include "side_by_side.h"

#include <algorithm>
#include <cmath>

#include "picture.h"

namespace quality {

namespace {
constexpr int enlarged = 3, gap = 6;

std::uint8_t byte_of(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
}
}  // namespace

void Strip::add(const Crop& crop) {
  if (!crop[0].samples.empty()) crops_.push_back(crop);
}

void Strip::write(const std::string& path) const {
  if (crops_.empty()) return;
  const int w = crops_[0][0].width, h = crops_[0][0].height;
  const int count = static_cast<int>(crops_.size());
  const int total = count * (w * enlarged + gap) - gap, rows = h * enlarged;
  std::vector<std::uint8_t> rgb(
      static_cast<std::size_t>(total) * static_cast<std::size_t>(rows) * 3, 255);
  const auto luma = made_.luma_weights();  // kr, kb
  const double unit = std::ldexp(1., 8 - made_.bits());
  for (int n = 0; n < count; ++n) {
    const Crop& crop = crops_[static_cast<std::size_t>(n)];
    const int sx = crop[1].width < w, sy = crop[1].height < h;
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < w * enlarged; ++x) {
        const int px = crop[0].x + x / enlarged, py = crop[0].y + y / enlarged;
        const auto chroma = [&](const Patch& p) {
          const int cx = std::clamp(px >> sx, p.x, p.x + p.width - 1);
          const int cy = std::clamp(py >> sy, p.y, p.y + p.height - 1);
          return (unit * p.at(cx, cy) - 128) * 255 / 224;
        };
        const double l = (unit * crop[0].at(px, py) - 16) * 255 / 219;
        const double cb = chroma(crop[1]), cr = chroma(crop[2]);
        const double r = l + 2 * (1 - luma[0]) * cr, b = l + 2 * (1 - luma[1]) * cb;
        const double g = (l - luma[0] * r - luma[1] * b) / (1 - luma[0] - luma[1]);
        auto* out = &rgb[3 * static_cast<std::size_t>(y * total + n * (w * enlarged + gap) + x)];
        out[0] = byte_of(r), out[1] = byte_of(g), out[2] = byte_of(b);
      }
  }
  write_png(path, total, rows, 3, rgb);
}

}  // namespace quality
