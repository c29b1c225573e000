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
  bool shaded = false;            ///< its colour runs over it, see shading.h
};

/// The densest places of `contrast` among the samples of `support`, at most `most` of them, each
/// at least `least_share` of the support's even samples.
[[nodiscard]] std::vector<Paint> find_paints(const std::array<Field, 3>& contrast,
                                             const Field& support, float tolerance, int most,
                                             double least_share);

}  // namespace cleanplate
