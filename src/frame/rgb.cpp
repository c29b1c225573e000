#include "frame/rgb.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/try.h"
#include "frame/colour_codes.h"
#include "frame/device_frames.h"

namespace cleanplate {

namespace {

/// One component's sample, scaled to 0…1 (luma) or -0.5…0.5 (chroma).
struct Scaled {
  ComponentView view;
  int bytes, shift;
  double offset, scale;

  [[nodiscard]] double at(int x, int y) const {
    const std::byte* p = view.data + y * view.stride + x * view.step * bytes;
    int value = 0;
    if (bytes == 1) {
      value = std::to_integer<int>(*p);
    } else {
      std::uint16_t word;
      std::memcpy(&word, p, sizeof word);
      value = word >> shift;
    }
    return (value - offset) * scale;
  }
};

Scaled scaled(const Frame& frame, int component, bool full) {
  const PixelFormat format = frame.format();
  const CodeScale code = code_scale(component, format.bits, full);
  return {frame.component(component), format.bytes_per_sample(), format.sample_shift(), code.zero,
          1 / code.span};
}

std::uint8_t byte(double v) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(v, 0.0, 1.0) * 255));
}

}  // namespace

Result<Picture> to_rgb(const Frame& frame) {
  return guarded("frame", [&]() -> Result<Picture> {
    if (!frame)
      return Error{Code::invalid_argument, "frame", "An empty frame has no picture to show."};
    CP_CHECK(in_host_memory(frame, "frame"));
    const Size size = frame.size();
    const PixelFormat format = frame.format();
    const bool full = frame.colour.range == 2;
    const bool gbr = planes_are_gbr(format, frame.colour);
    const auto [kr, kb] = luma_weights(frame.colour.matrix, size.height);
    const double kg = 1 - kr - kb;
    Picture picture(size, 3);
    const Scaled luma = scaled(frame, 0, full);
    if (format.layout == Layout::grey) {
      for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) std::fill_n(picture.at(x, y), 3, byte(luma.at(x, y)));
      return picture;
    }
    Scaled cb = scaled(frame, 1, full), cr = scaled(frame, 2, full);
    if (gbr)
      for (auto* c : {&cb, &cr}) c->offset = luma.offset, c->scale = luma.scale;
    for (int y = 0; y < size.height; ++y) {
      const int cy = y >> format.chroma_shift_y();
      for (int x = 0; x < size.width; ++x) {
        const int cx = x >> format.chroma_shift_x();
        const double l = luma.at(x, y), b = cb.at(cx, cy), r = cr.at(cx, cy);
        std::uint8_t* rgb = picture.at(x, y);
        if (gbr) {
          rgb[0] = byte(r), rgb[1] = byte(l), rgb[2] = byte(b);
          continue;
        }
        const double red = l + 2 * (1 - kr) * r, blue = l + 2 * (1 - kb) * b;
        rgb[0] = byte(red);
        rgb[1] = byte((l - kr * red - kb * blue) / kg);
        rgb[2] = byte(blue);
      }
    }
    return picture;
  });
}

}  // namespace cleanplate
