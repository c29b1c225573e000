/// @file
/// The glyphs of a known text in one frame.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/mask.h>
#include <cleanplate/text.h>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace cleanplate {

/// A place in one frame: 8-bit levels of Y, Cb, Cr, all on the luma grid.
struct LevelPicture {
  int width = 0, height = 0;
  std::array<std::vector<std::uint8_t>, 3> planes;

  /// @param samples  code values of each component's box, row by row; grey: chroma null.
  LevelPicture(PixelFormat format, const std::array<Box, 3>& boxes,
               const std::array<const std::uint16_t*, 3>& samples);
  [[nodiscard]] std::size_t size() const { return planes[0].size(); }
  [[nodiscard]] bool has(std::size_t sample, const TextPaint& paint) const;
};

/// Distance of each sample to the nearest that is set, along the longer axis; `far` at most.
[[nodiscard]] std::vector<std::uint8_t> distances(const std::vector<std::uint8_t>& set, int width,
                                                  int far);
/// Samples of a paint, without what is thicker than its strokes: that is the scene's.
[[nodiscard]] std::vector<std::uint8_t> strokes_of(const LevelPicture& picture,
                                                   const TextPaint& paint);
/// How far from a paint's samples the one that goes with it is, at most.
[[nodiscard]] inline int beside(const TextPaint& paint) { return paint.stroke + 2; }
/// Samples of any of the paints that hang together as glyphs do, and have the paint that goes with
/// theirs; nothing where there are too few to be text.
[[nodiscard]] std::vector<std::uint8_t> painted_text(const LevelPicture& picture,
                                                     const TextLook& look);
/// @param within  where text may be. @param place  where the picture lies.
/// @return all that the text covers, no larger than it is; null: there is none.
[[nodiscard]] std::shared_ptr<const Mask> glyph_mask(const LevelPicture& picture,
                                                     const TextLook& look, const Mask& within,
                                                     const Box& place);

}  // namespace cleanplate
