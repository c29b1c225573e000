#include "matte/estimate.h"

#include <algorithm>
#include <cmath>

#include "matte/bend.h"
#include "matte/contour.h"
#include "matte/edge_shares.h"
#include "matte/measured_contrast.h"
#include "matte/outline_left.h"
#include "matte/painted_mark.h"
#include "matte/regression.h"

namespace cleanplate {

namespace {

constexpr int depths = 24;            // distance classes from the support's border
constexpr double coding_noise = 1.4;  // rms of a good encode's error, 8-bit levels

/// What is known of the background under the mark, from the same mask put on a clean place.
struct Chance {
  std::array<double, depths> error2{};  ///< mean square of (background − guess)
  double motion = 0;                    ///< rms change over time
  double activity = 0;                  ///< mean square change of the guess over time
};

std::size_t depth_class(const Field& depth, std::size_t i) {
  return static_cast<std::size_t>(depth.values[i]);
}

Chance chance_under(const CropStack& placebo, const Field& hole, const Field& depth) {
  const Regression r = regress(placebo, 0, hole);
  std::array<double, depths> error{}, count{};
  Chance out;
  double motion = 0, activity = 0, all = 0;
  for (std::size_t i = 0; i < hole.size(); ++i) {
    if (hole.values[i] <= 0) continue;
    const std::size_t d = depth_class(depth, i);
    const double cov = static_cast<double>(r.covariance.values[i]);
    const double var = static_cast<double>(r.guess_power.values[i]);
    const double bias = static_cast<double>(r.mean_seen.values[i] - r.mean_guess.values[i]);
    error[d] += static_cast<double>(r.seen_power.values[i]) - 2 * cov + var + bias * bias;
    motion += static_cast<double>(r.seen_power.values[i]);
    activity += var;
    count[d] += 1, all += 1;
  }
  // Neighbouring depths lend each other samples.
  for (std::size_t d = 0; d < depths; ++d) {
    double e = 0, n = 0;
    for (std::size_t k = d > 2 ? d - 2 : 0; k < std::min<std::size_t>(depths, d + 3); ++k)
      e += error[k], n += count[k];
    out.error2[d] = n > 0 ? e / n : 0;
  }
  for (std::size_t d = 1; d < depths; ++d)  // deeper than seen: as the deepest seen
    if (out.error2[d] == 0) out.error2[d] = out.error2[d - 1];
  out.motion = all > 0 ? std::sqrt(std::max(0., motion / all)) : 0;
  out.activity = all > 0 ? activity / all : 0;
  return out;
}

/// How many times livelier the scene is round the mark than at the placebo, in power: by so much
/// more a guess is off. 1…16
double livelier(const Regression& here, const Field& hole, const Chance& chance) {
  constexpr double most = 16;
  double sum = 0, n = 0;
  for (std::size_t i = 0; i < hole.size(); ++i)
    if (hole.values[i] > 0) sum += static_cast<double>(here.guess_power.values[i]), n += 1;
  if (n == 0 || chance.activity <= 0) return 1;
  return std::clamp(sum / n / chance.activity, 1., most);
}

/// Variance over the hole's samples.
double variance_in(const Field& f, const Field& hole) {
  double sum = 0, squares = 0, n = 0;
  for (std::size_t i = 0; i < std::min(f.size(), hole.size()); ++i) {
    if (hole.values[i] <= 0) continue;
    const auto v = static_cast<double>(f.values[i]);
    sum += v, squares += v * v, n += 1;
  }
  return n > 0 ? std::max(0., squares / n - sum / n * (sum / n)) : 0;
}

/// How far the un-blended plate and the bare one are apart across the contour, beyond what a scene
/// is apart there by itself; and how far the mark as seen is.
struct Left {
  double seen2 = 0, restored2 = 0, chance2 = 0;  // mean squares, luma, in levels as seen
  double as_seen2 = 0, scene2 = 0;               // of mark and scene, not dimmed
};
Left left_at_contour(const Evidence& evidence, const CropStack& placebo, const PaintMap& map,
                     const std::vector<Paint>& paints) {
  Left out;
  std::vector<Unblended> restored, seen;
  for (std::size_t k = 0; k <= paints.size(); ++k) {
    restored.emplace_back(paints, static_cast<int>(k), evidence.top);
    seen.emplace_back(paints, 0, evidence.top);
  }
  const Field elsewhere = placebo.mean(0);
  double n = 0;
  for (std::size_t k = 0; k < paints.size(); ++k) {
    const Contour contour = contour_of(map, static_cast<std::uint8_t>(k + 1), 8);
    const auto size = static_cast<double>(contour.pairs.size());
    const double through = static_cast<double>(restored[k + 1].through);
    const double dimmed2 = through * through;
    const double as_seen = contour_jump2(evidence.mean[0], contour, map.width, seen[0], seen);
    out.seen2 += size * as_seen;
    out.restored2 += size * dimmed2 *
                     contour_jump2(evidence.mean[0], contour, map.width, restored[k + 1], restored);
    if (elsewhere.size() == evidence.mean[0].size()) {
      const double scene = contour_jump2(elsewhere, contour, map.width, seen[0], seen);
      out.chance2 += size * dimmed2 * scene;
      out.as_seen2 += size * as_seen;
      out.scene2 += size * scene;
    }
    n += size;
  }
  if (n > 0) out.as_seen2 /= n, out.scene2 /= n;
  if (n > 0) out.seen2 /= n, out.restored2 /= n, out.chance2 /= n;
  return out;
}

/// Where α counts as overlay.
std::shared_ptr<Mask> mask_of(const Field& alpha, const Box& box) {
  auto mask = std::make_shared<Mask>();
  mask->box = box;
  for (const float a : alpha.values) mask->values.push_back(a > .004f ? 255 : 0);
  return mask;
}

Matte to_matte(const Box& box, const Field& alpha, const Field& premultiplied, const Field& trust) {
  Matte m{box, alpha.values, std::vector<float>(alpha.size()), trust.values};
  for (std::size_t i = 0; i < alpha.size(); ++i)
    m.colour[i] = alpha.values[i] > 0 ? premultiplied.values[i] / alpha.values[i] : 0;
  return m;
}

}  // namespace

MatteEstimate estimate_matte(const CropStack& seen, const CropStack& placebo, const Field& hint,
                             const Likely& likely) {
  const PixelFormat format = seen.format();
  const int components = format.components();
  const auto unit = static_cast<float>(1 << (format.bits - 8));
  const Size size{seen.box(0).width, seen.box(0).height};
  MatteEstimate out;

  MeasuredContrast measured = measure_contrast(seen, placebo, hint, likely);
  out.crisp = measured.crisp[0];
  Evidence evidence = evidence_of(seen, std::move(measured.contrast), measured.spread, likely);
  const Field support = contrast_support(evidence);
  const auto covered =
      std::count_if(support.values.begin(), support.values.end(), [](float v) { return v > 0; });
  if (contrast_peak(evidence) < 4 * unit || covered < 12) return out;
  PaintedMark mark = paint_mark(seen, placebo, evidence, hint);
  if (mark.paints.empty()) return out;
  const Shading shading = take_off_shading(seen, evidence, mark);
  const auto& [paints, map, fit] = mark;
  const MixedMatte mixed = mix_edges(seen, shading, evidence, hint, paints, map);
  const Field& alpha = mixed.alpha;
  const auto& premultiplied = mixed.premultiplied;
  const Field hole = dilated(alpha, 1);
  const Field& depth = mixed.depth;
  if (std::none_of(alpha.values.begin(), alpha.values.end(), [](float a) { return a > 0; }))
    return out;
  // At the picture's edge the two places may differ by a sample.
  const Size there{placebo.box(0).width, placebo.box(0).height};
  const Field hole_there = laid_on(hole, there);
  const Chance chance = chance_under(placebo, hole_there, laid_on(depth, there));
  out.background_motion = chance.motion / static_cast<double>(unit);
  const Regression luma = regress(seen, 0, hole);
  const double lively = livelier(luma, hole, chance);
  const double error2 = fit.error * fit.error;
  out.opacity = fit.alpha;
  Field trust(size.width, size.height), hue_trust = trust;

  const Left left = left_at_contour(evidence, placebo, map, paints);
  const std::vector<PairAcross> across = pairs_across(alpha);
  const OutlineLeft outline = outline_left(seen, placebo, alpha, premultiplied, across);
  const double luma2 = std::max(0., left.restored2 - left.chance2);
  const double luma_excess2 = left.seen2 > 0 ? luma2 : outline.luma();
  const double excess2 = luma_excess2 + outline.chroma();
  const double as_seen2 =
      (left.seen2 > 0 ? left.seen2 : outline.seen2[0]) + outline.seen2[1] + outline.seen2[2];
  out.left = as_seen2 > 0 ? std::sqrt(std::min(1., excess2 / as_seen2)) : 0;
  const auto against = [&](double mark2, double scene2) {
    return std::sqrt(mark2 / std::max(scene2, static_cast<double>(unit * unit)));
  };
  out.stands_out = against(left.as_seen2, left.scene2);
  for (const std::size_t c : {1U, 2U})  // of a mark as bright as the scene its hue alone does
    out.stands_out = std::max(out.stands_out, against(outline.seen2[c], outline.scene2[c]));

  // Fused by expected error: un-blending amplifies the coding's noise and what its α is wrong by,
  // filling misses detail.
  constexpr double unknown_alpha = .15;
  const double alpha2 = 1 / (1 / error2 + 1 / (unknown_alpha * unknown_alpha));
  const double variety2 = chance.motion * chance.motion + variance_in(placebo.mean(0), hole_there);
  const double noise2 = coding_noise * coding_noise * static_cast<double>(unit * unit);
  double unexplained = 0, checked = 0, trusted = 0, fill_error2 = 0, covered_samples = 0;
  for (std::size_t i = 0; i < alpha.size(); ++i) {
    const double a = static_cast<double>(alpha.values[i]);
    if (a <= 0) continue;
    const double through = std::max(1 - a, 1e-3);
    const double known2 = noise2 + alpha2 * variety2, seen_through2 = through * through;
    const double u2 = (known2 + luma_excess2) / seen_through2;
    const double hue2 = (known2 + outline.chroma()) / seen_through2;
    const double f2 = std::max(1., lively * chance.error2[depth_class(depth, i)]);
    if (a <= .97) {
      trust.values[i] = static_cast<float>(f2 / (f2 + u2));
      hue_trust.values[i] = static_cast<float>(f2 / (f2 + hue2));
    }
    trusted += static_cast<double>(trust.values[i]);
    fill_error2 += f2;
    covered_samples += 1;
    if (support.values[i] <= 0) continue;
    // Seen changes must be the background's, dimmed.
    const double var = static_cast<double>(luma.guess_power.values[i]);
    const double cov = static_cast<double>(luma.covariance.values[i]);
    const double rest =
        static_cast<double>(luma.seen_power.values[i]) - (var > 0 ? cov * cov / var : 0);
    const double due = through * through * f2 + 9 * static_cast<double>(unit * unit);
    unexplained += rest > 6 * due;
    checked += 1;
  }
  fill_error2 /= covered_samples;
  out.trust = trusted / covered_samples;
  out.changing = checked > 0 ? unexplained / checked : 1;
  out.worse_than_fill = excess2 > std::max(fill_error2, 4. * static_cast<double>(unit * unit));
  out.model = std::make_shared<OverlayModel>();
  OverlayModel& model = *out.model;
  model.bits = format.bits;
  std::vector<float> inside;
  for (float a : alpha.values)
    if (a > 0) inside.push_back(a);
  model.alpha_peak = static_cast<double>(quantile(inside, .98));
  model.alpha_error = std::sqrt(error2);
  model.confidence = 1 / (1 + 100 * error2);
  if (out.background_motion < 2) model.confidence *= out.background_motion / 2;
  if (model.confidence < .5)
    model.note = "The picture behind the overlay hardly changes, so its opacity cannot be told.";
  for (int c = 0; c < components; ++c) {
    const int sx = c ? format.chroma_shift_x() : 0, sy = c ? format.chroma_shift_y() : 0;
    model.mattes[static_cast<std::size_t>(c)] =
        to_matte(seen.box(c), reduced(alpha, sx, sy),
                 reduced(premultiplied[static_cast<std::size_t>(c)], sx, sy),
                 reduced(c ? hue_trust : trust, sx, sy));
  }
  out.bent = bend_of(seen, alpha, premultiplied[0], across).surely();
  out.support = mask_of(alpha, seen.box(0));
  return out;
}

}  // namespace cleanplate
