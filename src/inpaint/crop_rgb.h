/// @file
/// Between a crop's samples and the RGB picture that a network fills; C++17, host and device.
#pragma once
#include "device/kernel.h"
#include "frame/sample_colours.h"

namespace cleanplate {

/// One sample of the picture, 0…1. Beyond the crop's right and lower edge it goes on reflected;
/// chroma is repeated.
struct CropToRgb {
  View<const std::uint16_t> luma, cb, cr;
  View<float> red, green, blue;
  SampleColours colours;

  /// 0 1 … n−1 n−1 n−2 …
  CLEANPLATE_HD static int reflected(int i, int n) {
    const int k = i % (2 * n);
    return k < n ? k : 2 * n - 1 - k;
  }
  CLEANPLATE_HD double chroma(const View<const std::uint16_t>& of, int u, int v) const {
    const SampleColours& c = colours;
    if (c.chroma_width == 0) return 0;
    const int x = u >> c.shift_x, y = v >> c.shift_y;
    return c.value(1, of(x < c.chroma_width ? x : c.chroma_width - 1,
                         y < c.chroma_height ? y : c.chroma_height - 1));
  }

  CLEANPLATE_HD void operator()(int x, int y) const {
    const SampleColours& c = colours;
    const int u = reflected(x, c.width), v = reflected(y, c.height);
    const Rgb rgb = c.colour(c.value(0, luma(u, v)), chroma(cb, u, v), chroma(cr, u, v));
    red(x, y) = rgb.red, green(x, y) = rgb.green, blue(x, y) = rgb.blue;
  }
};

/// One component's code value in the hole, 0 elsewhere; a chroma sample is the mean of the
/// picture's samples that share it.
struct RgbToSample {
  View<const float> red, green, blue;
  View<const std::uint8_t> hole;  ///< 0: not asked for. Every other sample has its picture's
  View<std::uint16_t> out;
  SampleColours colours;
  int component, top;  ///< 0 Y, 1 Cb, 2 Cr; the greatest code value

  CLEANPLATE_HD double value(double r, double g, double b) const {
    const SampleColours& c = colours;
    if (c.gbr) return component == 0 ? g : component == 1 ? b : r;
    const double l = c.red * r + (1 - c.red - c.blue) * g + c.blue * b;
    return component == 0   ? l
           : component == 1 ? (b - l) / (2 * (1 - c.blue))
                            : (r - l) / (2 * (1 - c.red));
  }

  CLEANPLATE_HD void operator()(int x, int y) const {
    const SampleColours& c = colours;
    if (!hole(x, y)) {
      out(x, y) = 0;
      return;
    }
    const int sx = component ? c.shift_x : 0, sy = component ? c.shift_y : 0;
    double sum = 0, count = 0;
    for (int v = y << sy; v < ((y + 1) << sy) && v < c.height; ++v)
      for (int u = x << sx; u < ((x + 1) << sx) && u < c.width; ++u) {
        sum += value(static_cast<double>(red(u, v)), static_cast<double>(green(u, v)),
                     static_cast<double>(blue(u, v)));
        count += 1;
      }
    const int scale = component ? 1 : 0;
    const double code = c.zero[scale] + c.span[scale] * sum / count;
    // What is no number is 0 here, and told of by FiniteRow.
    out(x, y) = static_cast<std::uint16_t>(!(code > 0)   ? 0
                                           : code >= top ? top
                                                         : static_cast<int>(code + .5));
  }
};

/// Whether all of a row are numbers; over 1 × rows.
struct FiniteRow {
  View<const float> values;
  View<std::uint8_t> finite;  ///< 1 × rows; 0 or 1
  int width;

  CLEANPLATE_HD void operator()(int /*x*/, int y) const {
    bool all = true;
    for (int x = 0; x < width; ++x) all = all && values(x, y) - values(x, y) == 0;
    finite(0, y) = all;
  }
};

CLEANPLATE_DECLARE_KERNEL(CropToRgb)
CLEANPLATE_DECLARE_KERNEL(RgbToSample)
CLEANPLATE_DECLARE_KERNEL(FiniteRow)

}  // namespace cleanplate
