#include "matte/painted_mark.h"

#include <algorithm>
#include <cmath>

#include "matte/contrast.h"

namespace cleanplate {

namespace {

constexpr std::ptrdiff_t most_places = 20000;  // that are settled at once
constexpr double nearly_opaque = .8;
constexpr int band = 5;  // samples round a border that are settled anew

float peak(const Field& f) { return extent(f, .995); }

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

/// All of the support as one: the middle of what it looks like.
Paint one_paint(const Evidence& evidence, const Field& support) {
  Paint out;
  for (std::size_t i = 0; i < support.size(); ++i)
    if (support.values[i] > 0) out.core.push_back(i);
  for (std::size_t c = 0; c < 3; ++c) {
    std::vector<float> values;
    for (const std::size_t i : out.core) values.push_back(evidence.contrast[c].values[i]);
    out.contrast[c] = quantile(std::move(values), .5);
  }
  return out;
}

/// A component counts for less where chance may have moved it by more than paints differ.
std::vector<Paint> candidates_of(const Evidence& evidence) {
  const float tolerance = std::max(2.5f * evidence.unit, .09f * contrast_peak(evidence));
  const Field support = contrast_support(evidence);
  std::array<Field, 3> weighed = evidence.contrast;
  Contrast weight{};
  for (std::size_t c = 0; c < 3; ++c) {
    weight[c] = std::min(1.f, tolerance / evidence.spread[c]);
    for (float& d : weighed[c].values) d *= weight[c];
  }
  std::vector<Paint> out = find_paints(weighed, support, tolerance, 6, .01);
  for (Paint& p : out)
    for (std::size_t c = 0; c < 3; ++c) p.contrast[c] /= weight[c];
  if (evidence.likely.known()) out.push_back(one_paint(evidence, support));
  return out;
}

Likely halved(const Likely& likely) {
  if (!likely.known()) return {};
  return {halved(likely.overlay), likely.opacity};
}

/// By how much of itself the plate hangs together better with the mark taken off.
double gain_of(const Evidence& evidence, const Field& hint, const PaintedMark& mark, Votes votes) {
  const double before = jumps_of(evidence, hint, {}, bare_map(hint), votes);
  return before > 0 ? 1 - jumps_of(evidence, hint, mark.paints, mark.map, votes) / before : 0;
}

/// D is off over whole places where the gradients round a mark are as strong as its own: what D
/// alone speaks for, and hardly so, is tried with less of a say for it, and is none if no border
/// vanishes then either. Under what is nearly opaque no plate is seen that could tell; then nothing
/// tells its opacity.
PaintedMark choose(const CropStack& seen, const CropStack& placebo, const Evidence& evidence,
                   const Field& hint) {
  constexpr double vanishing = .01, spoken_for = .1;
  const auto gain = [&](const PaintedMark& mark) {
    return gain_of(evidence, hint, mark, Votes::none);
  };
  const std::vector<Paint> candidates = candidates_of(evidence);
  PaintedMark mark = choose_paints(seen, placebo, evidence, hint, candidates);
  if (mark.paints.empty()) return mark;
  const double vanish = gain(mark);
  if (vanish >= vanishing || gain_of(evidence, hint, mark, Votes::contrast) >= spoken_for)
    return mark;
  PaintedMark other = choose_paints(seen, placebo, evidence, hint, candidates, Votes::weak);
  if (!other.paints.empty() && gain(other) >= vanishing) return other;
  if (mark.opacity.alpha < nearly_opaque || vanish < -vanishing) return {};
  mark.opacity.error = 1;
  return mark;
}

}  // namespace

float contrast_peak(const Evidence& evidence) {
  return peak(evidence.contrast[0]) + peak(evidence.contrast[1]) + peak(evidence.contrast[2]);
}

Field contrast_support(const Evidence& evidence) {
  Field support(evidence.mean[0].width, evidence.mean[0].height);
  if (evidence.likely.known()) {  // a hue that cannot be chance is the mark's too
    for (std::size_t i = 0; i < support.size(); ++i) {
      bool marked = evidence.likely.overlay.values[i] > .5f;
      for (std::size_t c = 1; c < static_cast<std::size_t>(evidence.components); ++c)
        marked |= std::abs(evidence.contrast[c].values[i]) > beyond_chance * evidence.spread[c];
      support.values[i] = marked ? 1.f : 0.f;
    }
    return support;
  }
  for (int c = 0; c < evidence.components; ++c) {
    const Field& d = evidence.contrast[static_cast<std::size_t>(c)];
    const float limit =
        std::max(std::clamp(.07f * peak(d), (c ? 1.6f : 2.f) * evidence.unit, 6.f * evidence.unit),
                 1.5f * evidence.spread[static_cast<std::size_t>(c)]);
    for (std::size_t i = 0; i < d.size(); ++i)
      if (std::abs(d.values[i]) > limit) support.values[i] = 1;
  }
  return support;
}

PaintedMark paint_mark(const CropStack& seen, const CropStack& placebo, const Evidence& evidence,
                       const Field& hint) {
  const auto places =
      std::count_if(hint.values.begin(), hint.values.end(), [](float v) { return v > 0; });
  if (places <= most_places) return choose(seen, placebo, evidence, hint);

  const CropStack seen_half = seen.halved();
  std::array<Field, 3> contrast;
  for (std::size_t c = 0; c < 3; ++c) contrast[c] = halved(evidence.contrast[c]);
  PaintedMark mark = paint_mark(
      seen_half, placebo.halved(),
      evidence_of(seen_half, std::move(contrast), evidence.spread, halved(evidence.likely)),
      halved(hint));
  if (mark.paints.empty()) return mark;
  mark.map = doubled(mark.map, {hint.width, hint.height});
  find_cores(mark.map, mark.paints);
  const bool told = mark.opacity.error < 1;
  for (int round = 0; round < 2; ++round) {
    settle_paints(evidence, near_borders(mark.map, hint), mark.paints, mark.map);
    mark.opacity = fit_paints(seen, evidence, mark.map, mark.paints);
  }
  if (!told && mark.opacity.alpha > nearly_opaque) mark.opacity.error = 1;
  return mark;
}

}  // namespace cleanplate
