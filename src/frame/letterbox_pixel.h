/// @file
/// A picture fitted into a square, as YOLO networks are fed; C++17, host and device.
#pragma once
#include "device/kernel.h"
#include "frame/sample_colours.h"

namespace cleanplate {

/// The samples that one sample of the result is made of, with whole weights: averaged down, those
/// under it, cut ones in part; or interpolated up.
struct LetterboxTaps {
  int first, last, total;  ///< total: of the weights
  int at, from, to;
  bool down;

  /// @param i  of `result` samples, at most 2^12, made of `samples`, at most 2^15.
  CLEANPLATE_HD LetterboxTaps(int i, int samples, int result)
      : from(samples), to(result), down(samples > result) {
    if (down) {
      at = i * from;  // of from · to parts
      first = at / to;
      last = (at + from - 1) / to;
      total = from;
    } else {
      at = clamp((2 * i + 1) * from - to, 0, 2 * to * (from - 1));  // 2 · to parts a sample
      first = at / (2 * to);
      last = first + 1 < from ? first + 1 : first;
      total = 2 * to;
    }
  }
  CLEANPLATE_HD unsigned weight(int s) const {
    if (!down) {
      const int off = at - s * 2 * to;
      return static_cast<unsigned>(2 * to - (off < 0 ? -off : off));
    }
    const int begin = s * to < at ? at : s * to, end = at + from;
    return static_cast<unsigned>(((s + 1) * to < end ? (s + 1) * to : end) - begin);
  }
};

/// One sample of the square, 0…1; grey (114 of 255) beside the picture. Chroma is repeated, and
/// code values are averaged before they are colours.
struct LetterboxPixel {
  View<const std::uint16_t> luma, cb, cr;
  View<float> red, green, blue;
  SampleColours colours;
  int left, top, width, height;  ///< of the picture in the square

  CLEANPLATE_HD void operator()(int x, int y) const {
    const int u = x - left, v = y - top;
    if (u < 0 || v < 0 || u >= width || v >= height) {
      red(x, y) = green(x, y) = blue(x, y) = 114.f / 255;
      return;
    }
    const SampleColours& c = colours;
    const LetterboxTaps across(u, c.width, width), down(v, c.height, height);
    std::uint64_t lumas = 0, blues = 0, reds = 0;
    for (int s = down.first; s <= down.last; ++s) {
      const int row = s >> c.shift_y;
      unsigned l = 0, b = 0, r = 0;  // at most 2^15 times 2^16 − 1
      for (int t = across.first; t <= across.last; ++t) {
        const unsigned weight = across.weight(t);
        l += weight * luma(t, s);
        if (c.chroma_width == 0) continue;
        b += weight * cb(t >> c.shift_x, row);
        r += weight * cr(t >> c.shift_x, row);
      }
      const std::uint64_t weight = down.weight(s);
      lumas += weight * l, blues += weight * b, reds += weight * r;
    }
    const double all = static_cast<double>(across.total) * down.total;
    const double l = c.value(0, static_cast<double>(lumas) / all);
    const bool grey = c.chroma_width == 0;
    const Rgb rgb = c.colour(l, grey ? 0 : c.value(1, static_cast<double>(blues) / all),
                             grey ? 0 : c.value(1, static_cast<double>(reds) / all));
    red(x, y) = rgb.red, green(x, y) = rgb.green, blue(x, y) = rgb.blue;
  }
};

CLEANPLATE_DECLARE_KERNEL(LetterboxPixel)

}  // namespace cleanplate
