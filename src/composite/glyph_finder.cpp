#include "composite/glyph_finder.h"

#include <algorithm>
#include <utility>

#include "core/try.h"
#include "frame/read_samples.h"
#include "matte/glyphs.h"

namespace cleanplate {

/// Only the place comes down from a device.
Result<void> GlyphFinder::read(Stream& stream, const Frame& frame, int component, const Box& box) {
  auto& to = samples_[static_cast<std::size_t>(component)];
  to.resize(static_cast<std::size_t>(box.area()));
  if (!frame.on_device()) {
    read_samples(frame, component, box, to.data());
    return {};
  }
  Buffer& buffer = there_[static_cast<std::size_t>(component)];
  if (const std::size_t bytes = to.size() * sizeof(std::uint16_t);
      !buffer || buffer.bytes() < bytes) {
    CP_TRY(buffer, device_.core().allocate(bytes));
  }
  const auto view = buffer.view<std::uint16_t>(box.width, box.height);
  auto done = reader_.read(stream, frame, component, box, view);
  if (done) done = stream.download(to.data(), std::ptrdiff_t{2} * box.width, view);
  const auto waited = stream.wait();  // after a failure too: the host's memory goes
  CP_CHECK(done);
  CP_CHECK(waited);
  device_.core().host_touches(to.data(), to.size() * 2, Touch::write);
  return {};
}

Result<std::shared_ptr<const Mask>> GlyphFinder::find(Stream& stream, const Frame& frame,
                                                      const PlannedOverlay& overlay) {
  const PixelFormat format = frame.format();
  const Mask& where = *overlay.support;
  const Box place = aligned_box(where.box, format, frame.size());
  std::array<Box, 3> boxes{};
  std::array<const std::uint16_t*, 3> samples{};
  for (int c = 0; c < format.components(); ++c) {
    const auto k = static_cast<std::size_t>(c);
    boxes[k] = component_box(place, format, c, frame.size());
    CP_CHECK(read(stream, frame, c, boxes[k]));
    samples[k] = samples_[k].data();
  }
  return glyph_mask(LevelPicture(format, boxes, samples), *overlay.text, where, place);
}

}  // namespace cleanplate
