#include "frame/piece.h"

#include <cstring>

#include "core/try.h"
#include "frame/read_samples.h"

namespace cleanplate {

Result<Frame> piece_of(const Frame& frame, const Box& box) {
  const PixelFormat format = frame.format();
  CP_TRY(Frame out, Frame::allocate(format, {box.width, box.height}));
  // Interleaved chroma is copied as one plane of twice the width.
  const int planes = format.planes();
  for (int c = 0; c < planes; ++c) {
    const Box at = component_box(box, format, c, frame.size());
    const ComponentView from = frame.component(c);
    const MutableComponentView to = out.writable(c);
    const std::ptrdiff_t sample = std::ptrdiff_t{from.step} * format.bytes_per_sample();
    for (int y = 0; y < at.height; ++y)
      std::memcpy(to.data + y * to.stride, from.data + (at.y + y) * from.stride + at.x * sample,
                  static_cast<std::size_t>(at.width * sample));
  }
  out.pts = frame.pts, out.duration = frame.duration;
  out.colour = frame.colour;
  out.interlaced = frame.interlaced, out.top_field_first = frame.top_field_first;
  return out;
}

}  // namespace cleanplate
