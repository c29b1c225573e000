#include "matte/estimate.h"

#include <algorithm>
#include <cmath>

#include "matte/contrast.h"
#include "matte/opacity.h"
#include "matte/palette.h"
#include "matte/regression.h"

namespace cleanplate {

namespace {

constexpr int depths = 24;            // distance classes from the support's border
constexpr double coding_noise = 1.4;  // rms of a good encode's error, 8-bit levels

/// What is known of the background under the mark, from the same mask put on a clean place.
struct Chance {
  std::array<double, depths> reliability{};  ///< slope of the true background on the guess
  std::array<double, depths> error2{};       ///< mean square of (background − guess)
  double motion = 0;                         ///< rms change over time
};

Field depth_of(const Field& hole) {
  Field depth(hole.width, hole.height), inside = hole;
  for (int d = 1; d < depths; ++d) {
    for (std::size_t i = 0; i < inside.size(); ++i) depth.values[i] += inside.values[i] > 0;
    inside = eroded(inside, 1);
  }
  return depth;  // 0 outside, 1 … depths−1 inside
}

std::size_t depth_class(const Field& depth, std::size_t i) {
  return static_cast<std::size_t>(depth.values[i]);
}

Chance chance_under(const CropStack& placebo, int component, const Field& hole,
                    const Field& depth) {
  const Regression r = regress(placebo, component, hole);
  std::array<double, depths> covariance{}, power{}, error{};
  std::array<double, depths> count{};
  Chance out;
  double motion = 0, all = 0;
  for (std::size_t i = 0; i < hole.size(); ++i) {
    if (hole.values[i] <= 0) continue;
    const std::size_t d = depth_class(depth, i);
    const double cov = static_cast<double>(r.covariance.values[i]);
    const double var = static_cast<double>(r.guess_power.values[i]);
    const double bias = static_cast<double>(r.mean_seen.values[i] - r.mean_guess.values[i]);
    covariance[d] += cov;
    power[d] += var;
    error[d] += static_cast<double>(r.seen_power.values[i]) - 2 * cov + var + bias * bias;
    motion += static_cast<double>(r.seen_power.values[i]);
    count[d] += 1, all += 1;
  }
  // Neighbouring depths lend each other samples.
  for (std::size_t d = 0; d < depths; ++d) {
    double c = 0, p = 0, e = 0, n = 0;
    for (std::size_t k = d > 2 ? d - 2 : 0; k < std::min<std::size_t>(depths, d + 3); ++k)
      c += covariance[k], p += power[k], e += error[k], n += count[k];
    out.reliability[d] = p > 0 ? std::clamp(c / p, .3, 1.15) : 1;
    out.error2[d] = n > 0 ? e / n : 0;
  }
  for (std::size_t d = 1; d < depths; ++d)  // deeper than seen: as the deepest seen
    if (out.error2[d] == 0)
      out.error2[d] = out.error2[d - 1], out.reliability[d] = out.reliability[d - 1];
  out.motion = all > 0 ? std::sqrt(std::max(0., motion / all)) : 0;
  return out;
}

float peak(const Field& f) {
  std::vector<float> size(f.size());
  for (std::size_t i = 0; i < f.size(); ++i) size[i] = std::abs(f.values[i]);
  return quantile(std::move(size), .995);
}

/// Where D stands out in any component.
Field find_support(const std::array<Field, 3>& contrast, int components, float unit) {
  Field support(contrast[0].width, contrast[0].height);
  for (int c = 0; c < components; ++c) {
    const Field& d = contrast[static_cast<std::size_t>(c)];
    const float limit = std::clamp(.07f * peak(d), (c ? 1.6f : 2.f) * unit, 6.f * unit);
    for (std::size_t i = 0; i < d.size(); ++i)
      if (std::abs(d.values[i]) > limit) support.values[i] = 1;
  }
  return support;
}

/// Each paint's opacity, drawn to what the whole contour says by how uncertain it is, and that to
/// what marks commonly have. @return the whole contour's, as measured.
Opacity find_opacities(const CropStack& seen, const Field& hole, std::vector<Paint>& paints) {
  constexpr double usual = .45, usual_spread = .2, paint_spread = .08;
  constexpr int near = 9;
  std::vector<std::size_t> all;
  for (const Paint& p : paints) all.insert(all.end(), p.core.begin(), p.core.end());
  const auto towards = [](const Opacity& o, double centre, double spread) {
    const double w = spread * spread / (spread * spread + o.error * o.error);
    return w * o.alpha + (1 - w) * centre;
  };
  const Opacity whole = opacity_across_contour(seen, hole, all, near);
  const double common = towards(whole, usual, usual_spread);
  for (Paint& p : paints) {
    const Opacity own = opacity_across_contour(seen, hole, p.core, near);
    const double spread = paints.size() == 1 ? 0 : paint_spread;
    p.alpha = std::clamp(towards(own, common, spread), .02, 1.);
  }
  return whole;
}

/// Of the mark's contrast in the mean picture, what un-blending leaves: 0 all gone, 1 as before.
struct Left {
  double share, error2;  // of the contrast; mean square over the mark
};
Left contrast_left(const Regression& luma, const Field& alpha, const Field& premultiplied,
                   const Field& hole) {
  double before = 0, after = 0, n = 0;
  for (std::size_t i = 0; i < hole.size(); ++i) {
    if (hole.values[i] <= 0) continue;
    const float through = std::max(1 - alpha.values[i], .05f);
    const float restored = (luma.mean_seen.values[i] - premultiplied.values[i]) / through;
    const float b = luma.mean_seen.values[i] - luma.mean_guess.values[i];
    const float a = alpha.values[i] > .95f ? 0.f : restored - luma.mean_guess.values[i];
    before += static_cast<double>(b * b);
    after += static_cast<double>(a * a);
    n += alpha.values[i] > 0;
  }
  return {before > 0 ? std::sqrt(after / before) : 1, n > 0 ? after / n : 0};
}

/// Integrated gradients come out too small where chance was shrunk away. Near the contour the
/// background is known well, so there each paint's contrast is measured anew, and the maps follow.
void correct_contrast(const std::array<Field, 3>& seen, const std::array<Field, 3>& guess,
                      const Field& depth, std::size_t components, std::vector<Paint>& paints,
                      std::array<Field, 3>& contrast) {
  constexpr float near = 9;
  Contrast agree{}, power{};
  for (Paint& p : paints) {
    Contrast sum{};
    float n = 0;
    for (std::size_t i : p.core) {
      if (depth.values[i] > near) continue;
      for (std::size_t c = 0; c < components; ++c) sum[c] += seen[c].values[i] - guess[c].values[i];
      n += 1;
    }
    if (n < 16) continue;
    for (std::size_t c = 0; c < components; ++c) {
      agree[c] += n * p.contrast[c] * sum[c] / n;
      power[c] += n * p.contrast[c] * p.contrast[c];
    }
  }
  for (std::size_t c = 0; c < components; ++c) {
    const float scale = power[c] > 0 ? std::clamp(agree[c] / power[c], .8f, 2.5f) : 1.f;
    for (float& v : contrast[c].values) v *= scale;
    for (Paint& p : paints) p.contrast[c] *= scale;
  }
}

Matte to_matte(const Box& box, const Field& alpha, const Field& premultiplied, const Field& trust) {
  Matte m{box, alpha.values, std::vector<float>(alpha.size()), trust.values};
  for (std::size_t i = 0; i < alpha.size(); ++i)
    m.colour[i] = alpha.values[i] > 0 ? premultiplied.values[i] / alpha.values[i] : 0;
  return m;
}

}  // namespace

MatteEstimate estimate_matte(const CropStack& seen, const CropStack& placebo, const Field& hint) {
  const PixelFormat format = seen.format();
  const int components = format.components();
  const auto unit = static_cast<float>(1 << (format.bits - 8));
  const Size size{seen.box(0).width, seen.box(0).height};
  MatteEstimate out;

  std::array<Field, 3> contrast = static_contrast(seen, placebo, hint);
  for (int c = 0; c < 3; ++c) {
    Field& d = contrast[static_cast<std::size_t>(c)];
    d = d.empty() ? Field(size.width, size.height) : enlarged(d, size);
  }
  Field support = find_support(contrast, components, unit);
  const float top = peak(contrast[0]) + peak(contrast[1]) + peak(contrast[2]);
  const auto covered =
      std::count_if(support.values.begin(), support.values.end(), [](float v) { return v > 0; });
  if (top < 4 * unit || covered < 12) return out;

  const Field hole = dilated(support, 2);
  const Field depth = depth_of(hole);
  const Chance chance = chance_under(placebo, 0, hole, depth);
  out.background_motion = chance.motion / static_cast<double>(unit);
  std::array<Regression, 3> moments;
  std::array<Field, 3> mean_guess, mean_seen;
  for (int c = 0; c < components; ++c) {
    const auto k = static_cast<std::size_t>(c);
    const int sx = c ? format.chroma_shift_x() : 0, sy = c ? format.chroma_shift_y() : 0;
    Field here = reduced(hole, sx, sy);
    moments[k] = regress(seen, c, here);
    mean_guess[k] = enlarged(moments[k].mean_guess, size);
    mean_seen[k] = enlarged(moments[k].mean_seen, size);
  }

  // The paints: where they are from D, how opaque they are from the pooled regression.
  const float tolerance = std::max(2.5f * unit, .09f * top);
  std::vector<Paint> paints = find_paints(contrast, support, tolerance, 6, .03);
  if (paints.empty()) return out;
  const Regression& luma = moments[0];
  const Opacity measured_opacity = find_opacities(seen, hole, paints);
  const double error2 = measured_opacity.error * measured_opacity.error;
  out.opacity = measured_opacity.alpha;
  const auto measured = static_cast<std::size_t>(components);
  correct_contrast(mean_seen, mean_guess, depth, measured, paints, contrast);
  for (Paint& p : paints) {
    Contrast a{};
    for (std::size_t i : p.core)
      for (std::size_t c = 0; c < measured; ++c) a[c] += mean_guess[c].values[i];
    for (std::size_t c = 0; c < measured; ++c)
      p.premultiplied[c] =
          p.contrast[c] + static_cast<float>(p.alpha) * a[c] / static_cast<float>(p.core.size());
  }

  // Every sample: a mix of paints.
  Field alpha(size.width, size.height), trust(size.width, size.height);
  std::array<Field, 3> premultiplied{alpha, alpha, alpha};
  std::vector<Contrast> local(paints.size());
  for (std::size_t i = 0; i < support.size(); ++i) {
    if (hole.values[i] <= 0) continue;
    const Contrast here{contrast[0].values[i], contrast[1].values[i], contrast[2].values[i]};
    for (std::size_t k = 0; k < paints.size(); ++k)
      for (std::size_t c = 0; c < static_cast<std::size_t>(components); ++c)
        local[k][c] = paints[k].premultiplied[c] -
                      static_cast<float>(paints[k].alpha) * mean_guess[c].values[i];
    const Mix mix = nearest_mix(here, local, tolerance);
    if (mix.second < 0) continue;
    const Paint none;
    const Paint& a = mix.first < 0 ? none : paints[static_cast<std::size_t>(mix.first)];
    const Paint& b = paints[static_cast<std::size_t>(mix.second)];
    alpha.values[i] =
        (1 - mix.share) * static_cast<float>(a.alpha) + mix.share * static_cast<float>(b.alpha);
    for (std::size_t c = 0; c < 3; ++c)
      premultiplied[c].values[i] =
          (1 - mix.share) * a.premultiplied[c] + mix.share * b.premultiplied[c];
  }

  // Fused by expected error: un-blending amplifies the coding's noise, filling misses detail.
  double unexplained = 0, checked = 0, fill_error2 = 0;
  for (std::size_t i = 0; i < alpha.size(); ++i) {
    const double a = static_cast<double>(alpha.values[i]);
    if (a <= 0) continue;
    const double through = std::max(1 - a, 1e-3);
    const double noise = coding_noise * static_cast<double>(unit) / through;
    const double u2 = noise * noise, f2 = std::max(1., chance.error2[depth_class(depth, i)]);
    trust.values[i] = a > .97 ? 0.f : static_cast<float>(f2 / (f2 + u2));
    fill_error2 += f2;
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
  fill_error2 /= std::max<double>(
      1, static_cast<double>(std::count_if(alpha.values.begin(), alpha.values.end(),
                                           [](float a) { return a > 0; })));
  out.changing = checked > 0 ? unexplained / checked : 1;

  const Left left = contrast_left(luma, alpha, premultiplied[0], hole);
  out.left = left.share;
  out.worse_than_fill =
      left.error2 > 2 * std::max(fill_error2, 4. * static_cast<double>(unit * unit));
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
    model.mattes[static_cast<std::size_t>(c)] = to_matte(
        seen.box(c), reduced(alpha, sx, sy),
        reduced(premultiplied[static_cast<std::size_t>(c)], sx, sy), reduced(trust, sx, sy));
  }
  auto mask = std::make_shared<Mask>();
  mask->box = seen.box(0);
  mask->values.resize(alpha.size());
  for (std::size_t i = 0; i < alpha.size(); ++i)
    mask->values[i] = alpha.values[i] > .004f ? 255 : 0;
  out.support = std::move(mask);
  return out;
}

}  // namespace cleanplate
