#include "frame/read_samples.h"

namespace cleanplate {

namespace {
template <class T>
void read(const ComponentView& view, const Box& box, int shift, std::uint16_t* out) {
  for (int y = box.y; y < box.bottom(); ++y) {
    const auto* row = reinterpret_cast<const T*>(view.data + y * view.stride);
    for (int x = box.x; x < box.right(); ++x)
      *out++ = static_cast<std::uint16_t>(row[x * view.step] >> shift);
  }
}
}  // namespace

void read_samples(const Frame& frame, int component, const Box& box, std::uint16_t* out) {
  const auto view = frame.component(component);
  const int shift = frame.format().sample_shift();
  if (frame.format().bytes_per_sample() == 1)
    read<std::uint8_t>(view, box, shift, out);
  else
    read<std::uint16_t>(view, box, shift, out);
}

Box component_box(const Box& luma, PixelFormat format, int component, Size picture) {
  if (component == 0) return luma.intersect({0, 0, picture.width, picture.height});
  const int sx = format.chroma_shift_x(), sy = format.chroma_shift_y();
  const int right = (luma.right() + (1 << sx) - 1) >> sx;
  const int bottom = (luma.bottom() + (1 << sy) - 1) >> sy;
  const Box all{0, 0, (picture.width + (1 << sx) - 1) >> sx,
                (picture.height + (1 << sy) - 1) >> sy};
  return Box{luma.x >> sx, luma.y >> sy, right - (luma.x >> sx), bottom - (luma.y >> sy)}.intersect(
      all);
}

Box aligned_box(const Box& luma, PixelFormat format, Size picture) {
  const int mx = (1 << format.chroma_shift_x()) - 1, my = (1 << format.chroma_shift_y()) - 1;
  const int left = luma.x & ~mx, top = luma.y & ~my;
  const int right = (luma.right() + mx) & ~mx, bottom = (luma.bottom() + my) & ~my;
  return Box{left, top, right - left, bottom - top}.intersect(
      {0, 0, picture.width, picture.height});
}

}  // namespace cleanplate
