/// @file
/// From a picture's samples to its colours; C++17, host and device.
#pragma once
#include "device/hd.h"

namespace cleanplate {

/// 0…1.
struct Rgb {
  float red, green, blue;
};

/// How a picture's components and its colours go together.
struct SampleColours {
  int width, height;                ///< luma samples
  int chroma_width, chroma_height;  ///< 0: grey
  int shift_x, shift_y;             ///< of chroma
  bool gbr;                         ///< the components are G, B, R
  double zero[2], span[2];          ///< of luma and chroma: code value = zero + span · value
  double red, blue;                 ///< luma's weights

  CLEANPLATE_HD static float unit(double value) { return static_cast<float>(clamp(value, 0., 1.)); }
  /// @param scale  0 luma, 1 chroma. @param code  may be a mean of code values.
  CLEANPLATE_HD double value(int scale, double code) const {
    return (code - zero[scale]) / span[scale];
  }
  /// Of Y, Cb, Cr, or G, B, R, as values.
  CLEANPLATE_HD Rgb colour(double l, double b, double r) const {
    if (gbr) return {unit(r), unit(l), unit(b)};
    const double reds = l + 2 * (1 - red) * r, blues = l + 2 * (1 - blue) * b;
    return {unit(reds), unit((l - red * reds - blue * blues) / (1 - red - blue)), unit(blues)};
  }
};

}  // namespace cleanplate
