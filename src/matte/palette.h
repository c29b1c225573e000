/// @file
/// The few colours that most overlays are made of.
#pragma once
#include <array>
#include <vector>

#include "frame/field.h"

namespace cleanplate {

using Contrast = std::array<float, 3>;  // D in Y, Cb, Cr

/// One paint of an overlay, premultiplied: what it adds is αW.
struct Paint {
  Contrast contrast{};            ///< D over the mean background
  double alpha = 0;               ///< 0…1
  Contrast premultiplied{};       ///< αW per component
  std::vector<std::size_t> core;  ///< luma samples that are this paint alone
};

/// The densest places of `contrast` among the samples of `support`, at most `most` of them, each
/// at least `least_share` of the support's even samples.
[[nodiscard]] std::vector<Paint> find_paints(const std::array<Field, 3>& contrast,
                                             const Field& support, float tolerance, int most,
                                             double least_share);

/// How a sample is mixed from two paints: index −1 is none (transparent).
struct Mix {
  int first = -1, second = -1;
  float share = 0;  ///< of the second, 0…1
  float distance = 0;
};

/// The nearest point to `seen` on a paint, or on a line between two or one and none: antialiased
/// edges and shadows lie on such lines, since premultiplied colours mix linearly.
/// @param paints  the contrasts that each paint would have at this sample.
[[nodiscard]] Mix nearest_mix(const Contrast& seen, const std::vector<Contrast>& paints,
                              float tolerance);

}  // namespace cleanplate
