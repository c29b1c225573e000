#include "frame/interleave.h"

#include <utility>

#include "core/try.h"
#include "frame/samples.h"

namespace cleanplate {

namespace {
template <class Sample>
void spread(const ComponentView& from, const MutableComponentView& to, int down, int up) {
  for (int y = 0; y < from.height; ++y) {
    const auto* in = reinterpret_cast<const Sample*>(from.data + y * from.stride);
    auto* out = reinterpret_cast<Sample*>(to.data + y * to.stride);
    for (int x = 0; x < from.width; ++x)
      out[x * to.step] = static_cast<Sample>(in[x * from.step] >> down << up);
  }
}

Result<Frame> in_layout(const Frame& frame, Layout layout) {
  const PixelFormat format = frame.format();
  CP_TRY(Frame copy, Frame::allocate({layout, format.bits}, frame.size()));
  const int down = format.sample_shift(), up = copy.format().sample_shift();
  for (int c = 0; c < 3; ++c) {
    if (format.bits > 8)
      spread<std::uint16_t>(frame.component(c), copy.writable(c), down, up);
    else
      spread<std::uint8_t>(frame.component(c), copy.writable(c), down, up);
  }
  return with_properties_of(frame, std::move(copy));
}
}  // namespace

Result<Frame> deinterleaved(const Frame& frame) { return in_layout(frame, Layout::yuv420); }
Result<Frame> interleaved(const Frame& frame) { return in_layout(frame, Layout::nv12); }

}  // namespace cleanplate
