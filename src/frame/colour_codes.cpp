#include "frame/colour_codes.h"

#include "frame/card_format.h"

namespace cleanplate {

LumaWeights luma_weights(int matrix, int height) {
  switch (matrix) {
    case 1:
      return {0.2126, 0.0722};
    case 4:
      return {0.30, 0.11};
    case 5:
    case 6:
      return {0.299, 0.114};
    case 7:
      return {0.212, 0.087};
    case 9:
    case 10:
      return {0.2627, 0.0593};
    default:
      return height > 576 ? LumaWeights{0.2126, 0.0722} : LumaWeights{0.299, 0.114};
  }
}

std::array<double, 3> ycbcr_of(const std::array<double, 3>& rgb, LumaWeights w) {
  const double y = w.red * rgb[0] + (1 - w.red - w.blue) * rgb[1] + w.blue * rgb[2];
  return {y, (rgb[2] - y) / (2 * (1 - w.blue)), (rgb[0] - y) / (2 * (1 - w.red))};
}

std::array<double, 3> rgb_of(const std::array<double, 3>& c, LumaWeights w) {
  const double red = c[0] + 2 * (1 - w.red) * c[2], blue = c[0] + 2 * (1 - w.blue) * c[1];
  return {red, (c[0] - w.red * red - w.blue * blue) / (1 - w.red - w.blue), blue};
}

CodeScale code_scale(int component, int bits, bool full_range) {
  const double unit = 1 << (bits - 8);  // code values for one 8-bit step
  const bool chroma = component > 0;
  if (full_range) return {chroma ? 128 * unit : 0, static_cast<double>((1 << bits) - 1)};
  return {(chroma ? 128 : 16) * unit, (chroma ? 224 : 219) * unit};
}

bool planes_are_gbr(PixelFormat format, const Colour& colour) {
  return colour.matrix == 0 && planar_format(format).layout == Layout::yuv444;
}

SampleColours sample_colours(PixelFormat format, const Colour& colour, Size luma, Size chroma,
                             int rows) {
  SampleColours out{};
  out.width = luma.width, out.height = luma.height;
  out.chroma_width = chroma.width, out.chroma_height = chroma.height;
  out.shift_x = format.chroma_shift_x(), out.shift_y = format.chroma_shift_y();
  out.gbr = planes_are_gbr(format, colour);
  for (int c = 0; c < 2; ++c) {
    const CodeScale scale = code_scale(out.gbr ? 0 : c, format.bits, colour.range == 2);
    out.zero[c] = scale.zero, out.span[c] = scale.span;
  }
  const LumaWeights weights = luma_weights(colour.matrix, rows);
  out.red = weights.red, out.blue = weights.blue;
  return out;
}

}  // namespace cleanplate
