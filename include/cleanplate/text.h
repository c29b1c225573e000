/// @file
/// Text that changes from frame to frame, as captions and timecodes do.
#pragma once
#include <array>
#include <vector>

namespace cleanplate {

/// A colour that glyphs, or their outlines, are painted in.
struct TextPaint {
  std::array<float, 3> colour{};  ///< Y, Cb, Cr in 8-bit levels, whatever the depth
  float luma = 0, chroma = 0;     ///< levels that a sample of it may be off by
  int stroke = 1;                 ///< half of its thickest stroke, luma samples
  int with = -1;                  ///< the paint that is beside all of its strokes; -1: none is
};

/// How glyphs are told from the scene in one frame alone: by their paints, which lie in strokes.
struct TextLook {
  std::vector<TextPaint> paints;
  int reach = 2;     ///< luma samples beyond the paints that outline, shadow and blur go
  double least = 0;  ///< share of its place that the paints cover in a frame with text, at least
};

}  // namespace cleanplate
