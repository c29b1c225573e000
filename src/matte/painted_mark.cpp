#include "matte/painted_mark.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {

constexpr std::ptrdiff_t most_places = 20000;  // that are settled at once
constexpr int band = 5;                        // samples round a border that are settled anew

float peak(const Field& f) {
  std::vector<float> size(f.size());
  for (std::size_t i = 0; i < f.size(); ++i) size[i] = std::abs(f.values[i]);
  return quantile(std::move(size), .995);
}

Field halved(const Field& f) {
  Field out(std::max(1, f.width / 2), std::max(1, f.height / 2));
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x)
      out.at(x, y) = .25f * (f.clamped(2 * x, 2 * y) + f.clamped(2 * x + 1, 2 * y) +
                             f.clamped(2 * x, 2 * y + 1) + f.clamped(2 * x + 1, 2 * y + 1));
  return out;
}

/// The map at twice the size, or a sample more.
PaintMap doubled(const PaintMap& map, Size size) {
  PaintMap out{size.width, size.height, {}, {}};
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      out.paint.push_back(
          map.paint[map.index(std::min(x / 2, map.width - 1), std::min(y / 2, map.height - 1))]);
  find_solid(out);
  return out;
}

/// Samples of `hint` near a border of the map.
Field near_borders(const PaintMap& map, const Field& hint) {
  Field border(map.width, map.height);
  for (int y = 0; y < map.height; ++y)
    for (int x = 0; x < map.width; ++x) {
      const std::uint8_t here = map.paint[map.index(x, y)];
      if ((x + 1 < map.width && map.paint[map.index(x + 1, y)] != here) ||
          (y + 1 < map.height && map.paint[map.index(x, y + 1)] != here))
        border.at(x, y) = 1;
    }
  Field near = dilated(border, band);
  for (std::size_t i = 0; i < near.size(); ++i)
    if (hint.values[i] <= 0) near.values[i] = 0;
  return near;
}

std::vector<Paint> candidates_of(const Evidence& evidence) {
  const float tolerance = std::max(2.5f * evidence.unit, .09f * contrast_peak(evidence));
  return find_paints(evidence.contrast, contrast_support(evidence), tolerance, 6, .03);
}

}  // namespace

float contrast_peak(const Evidence& evidence) {
  return peak(evidence.contrast[0]) + peak(evidence.contrast[1]) + peak(evidence.contrast[2]);
}

Field contrast_support(const Evidence& evidence) {
  Field support(evidence.mean[0].width, evidence.mean[0].height);
  for (int c = 0; c < evidence.components; ++c) {
    const Field& d = evidence.contrast[static_cast<std::size_t>(c)];
    const float limit =
        std::clamp(.07f * peak(d), (c ? 1.6f : 2.f) * evidence.unit, 6.f * evidence.unit);
    for (std::size_t i = 0; i < d.size(); ++i)
      if (std::abs(d.values[i]) > limit) support.values[i] = 1;
  }
  return support;
}

PaintedMark paint_mark(const CropStack& seen, const CropStack& placebo, const Evidence& evidence,
                       const Field& hint) {
  const auto places =
      std::count_if(hint.values.begin(), hint.values.end(), [](float v) { return v > 0; });
  if (places <= most_places)
    return choose_paints(seen, placebo, evidence, hint, candidates_of(evidence));

  const CropStack seen_half = seen.halved();
  std::array<Field, 3> contrast;
  for (std::size_t c = 0; c < 3; ++c) contrast[c] = halved(evidence.contrast[c]);
  PaintedMark mark = paint_mark(seen_half, placebo.halved(),
                                evidence_of(seen_half, std::move(contrast)), halved(hint));
  if (mark.paints.empty()) return mark;
  mark.map = doubled(mark.map, {hint.width, hint.height});
  for (std::size_t k = 0; k < mark.paints.size(); ++k) {
    mark.paints[k].core.clear();
    for (std::size_t i = 0; i < mark.map.paint.size(); ++i)
      if (mark.map.paint[i] == k + 1) mark.paints[k].core.push_back(i);
  }
  for (int round = 0; round < 2; ++round) {
    settle_paints(evidence, near_borders(mark.map, hint), mark.paints, mark.map);
    mark.opacity = fit_paints(seen, evidence, mark.map, mark.paints);
  }
  return mark;
}

}  // namespace cleanplate
