/// @file
/// From R'G'B' to a clip's code values and back.
#pragma once
#include <cleanplate/frame.h>

#include <array>

#include "frame/sample_colours.h"

namespace cleanplate {

/// Luma weights of red and blue, ISO/IEC 23091-2 table 4.
struct LumaWeights {
  double red, blue;
};
/// @param height  decides where the matrix is not told: BT.709 above 576 rows, else BT.601.
[[nodiscard]] LumaWeights luma_weights(int matrix, int height);

/// Y' 0…1, Cb and Cr −0.5…0.5.
[[nodiscard]] std::array<double, 3> ycbcr_of(const std::array<double, 3>& rgb, LumaWeights weights);
[[nodiscard]] std::array<double, 3> rgb_of(const std::array<double, 3>& ycbcr, LumaWeights weights);

/// A component's code value is zero + span · value.
struct CodeScale {
  double zero, span;
};
[[nodiscard]] CodeScale code_scale(int component, int bits, bool full_range);

/// Whether the three planes are G, B and R.
[[nodiscard]] bool planes_are_gbr(PixelFormat format, const Colour& colour);

/// For kernels. @param luma, chroma  samples of the picture or of a part of it; no chroma: {}.
/// @param rows  of the whole picture, as luma_weights' height.
[[nodiscard]] SampleColours sample_colours(PixelFormat format, const Colour& colour, Size luma,
                                           Size chroma, int rows);

}  // namespace cleanplate
