#include "frame/card_format.h"

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
}  // namespace

std::optional<PixelFormat> card_format(PixelFormat format) {
  const Layout layout = planar_format(format).layout;
  if (layout == Layout::yuv420) return PixelFormat{Layout::nv12, format.bits};
  if (layout == Layout::yuv444)
    return PixelFormat{format.bits > 8 ? Layout::yuv444_msb : Layout::yuv444, format.bits};
  return std::nullopt;
}

PixelFormat planar_format(PixelFormat format) {
  if (format.layout == Layout::nv12) format.layout = Layout::yuv420;
  if (format.layout == Layout::yuv444_msb) format.layout = Layout::yuv444;
  return format;
}

Result<Frame> in_format(const Frame& frame, PixelFormat format) {
  if (frame.format() == format) return frame;
  CP_TRY(Frame copy, Frame::allocate(format, frame.size()));
  const int down = frame.format().sample_shift(), up = format.sample_shift();
  for (int c = 0; c < format.components(); ++c) {
    if (format.bits > 8)
      spread<std::uint16_t>(frame.component(c), copy.writable(c), down, up);
    else
      spread<std::uint8_t>(frame.component(c), copy.writable(c), down, up);
  }
  return with_properties_of(frame, std::move(copy));
}

}  // namespace cleanplate
