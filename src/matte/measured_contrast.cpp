#include "matte/measured_contrast.h"

#include <algorithm>
#include <cmath>

#include "matte/contrast.h"
#include "matte/hole_fill.h"

namespace cleanplate {

namespace {

/// All that may be the mark's, and a sample round it.
Field likely_hole(const Likely& likely) {
  Field hole(likely.overlay.width, likely.overlay.height);
  for (std::size_t i = 0; i < hole.size(); ++i)
    hole.values[i] = likely.overlay.values[i] > .2f ? 1.f : 0.f;
  return dilated(hole, 1);
}

/// What the samples of a hole are apart from the surface through what surrounds it.
Field contrast_to_surroundings(const CropStack& seen, int component, const Field& hole) {
  const Field mean = enlarged(seen.mean(component), {hole.width, hole.height});
  Field apart = mean;
  HoleFill{hole}(apart);
  for (std::size_t i = 0; i < mean.size(); ++i) apart.values[i] = mean.values[i] - apart.values[i];
  return apart;
}

/// The same as extent, where `where` is.
float extent_in(const Field& f, const Field& where, double q) {
  std::vector<float> size;
  for (std::size_t i = 0; i < std::min(f.size(), where.size()); ++i)
    if (where.values[i] > 0) size.push_back(std::abs(f.values[i]));
  return size.empty() ? 0 : quantile(std::move(size), q);
}

}  // namespace

MeasuredContrast measure_contrast(const CropStack& seen, const CropStack& placebo,
                                  const Field& hint, const Likely& likely) {
  constexpr float least_spread = 1.5f;  // 8-bit levels: coding
  constexpr float crisp = 5;            // spreads
  const PixelFormat format = seen.format();
  const Size size{seen.box(0).width, seen.box(0).height};
  const auto unit = static_cast<float>(1 << (format.bits - 8));
  StaticContrast stays = static_contrast(seen, placebo, hint);
  MeasuredContrast out;
  for (int component = 0; component < 3; ++component) {
    const auto c = static_cast<std::size_t>(component);
    Field& d = out.contrast[c];
    out.spread[c] = least_spread * unit;
    if (component >= format.components()) {
      d = Field(size.width, size.height);
      continue;
    }
    const Field& chance = stays.elsewhere[c];
    out.spread[c] = std::max(out.spread[c], extent(chance, .9));
    d = enlarged(stays.here[c], size);
    out.crisp[c] = extent_in(d, hint, .98) > crisp * out.spread[c];
    if (!likely.known() || out.crisp[c]) continue;
    const Field hole = likely_hole(likely),
                there = laid_on(hole, {placebo.box(0).width, placebo.box(0).height});
    d = contrast_to_surroundings(seen, component, hole);
    out.spread[c] = std::max(
        out.spread[c], extent_in(contrast_to_surroundings(placebo, component, there), there, .8));
  }
  return out;
}

}  // namespace cleanplate
