#include "composite/glyph_finder.h"

#include "core/try.h"
#include "frame/read_samples.h"
#include "matte/glyphs.h"

namespace cleanplate {

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
    CP_CHECK(reader_.bring(stream, frame, c, boxes[k], there_[k], samples_[k]));
    samples[k] = samples_[k].data();
  }
  return glyph_mask(LevelPicture(format, boxes, samples), *overlay.text, where, place);
}

}  // namespace cleanplate
