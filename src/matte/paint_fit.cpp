#include "matte/paint_fit.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {
/// What is seen less D, on average over a paint's core: the background there.
float around(const Evidence& evidence, const Paint& paint, std::size_t c) {
  float sum = 0;
  for (const std::size_t i : paint.core)
    sum += evidence.mean[c].values[i] - evidence.contrast[c].values[i];
  return sum / static_cast<float>(std::max<std::size_t>(1, paint.core.size()));
}

}  // namespace

double least_opacity(const Evidence& evidence, const Paint& paint) {
  constexpr float slack = 4, most = .97f;  // levels; of an opacity
  float least = 0;
  for (std::size_t c = 0; c < static_cast<std::size_t>(evidence.components); ++c) {
    const float d = paint.contrast[c], behind = around(evidence, paint, c);
    const float room = slack * evidence.unit + (d > 0 ? evidence.top - behind : behind);
    least = std::max(least, std::abs(d) / std::max(room, evidence.unit));
  }
  return static_cast<double>(std::min(least, most));
}

void colour_from_contrast(const Evidence& evidence, Paint& paint) {
  for (std::size_t c = 0; c < 3; ++c)
    paint.premultiplied[c] =
        paint.contrast[c] + static_cast<float>(paint.alpha) * around(evidence, paint, c);
}

namespace {
/// Each paint's opacity from its contour, drawn to what all contours say by how uncertain it is,
/// and that to what marks commonly have. @return all contours'.
ContourFit fit_opacities(const CropStack& seen, const Evidence& evidence,
                         const std::vector<Contour>& contours, std::vector<Paint>& paints) {
  constexpr double paint_spread = .06;
  const bool looked = evidence.likely.known();
  const double usual = looked ? evidence.likely.opacity : .45, usual_spread = looked ? .1 : .15;
  const double prior = 1 / (usual_spread * usual_spread);
  const double s2 = paints.size() > 1 ? paint_spread * paint_spread : 0;
  std::vector<ContourFit> own;
  std::vector<double> least;
  ContourFit whole;
  double sum = 0, bounded_sum = 0, weights = 0, pairs = 0;
  for (std::size_t k = 0; k < paints.size(); ++k)
    own.push_back(fit_opacity(seen, evidence, contours[k], paints)),
        pairs += static_cast<double>(own.back().pairs);
  for (const Paint& p : paints) least.push_back(least_opacity(evidence, p));
  for (std::size_t k = 0; k < paints.size(); ++k) {
    ContourFit& f = own[k];
    if (f.pairs == 0) continue;
    // A small paint may be a piece of scenery.
    const double share = static_cast<double>(f.pairs) / pairs;
    const double w = share * static_cast<double>(paints.size()) / (f.error * f.error + s2);
    sum += w * f.alpha, weights += w;
    f.alpha = std::max(f.alpha, least[k]);
    bounded_sum += w * f.alpha;
    whole.pairs += f.pairs;
  }
  if (weights > 0) whole.alpha = sum / weights, whole.error = std::sqrt(1 / weights);
  const double common = (bounded_sum + usual * prior) / (weights + prior);
  // One witness more.
  if (looked)
    whole.alpha = (sum + usual * prior) / (weights + prior),
    whole.error = std::sqrt(1 / (weights + prior));
  for (std::size_t k = 0; k < paints.size(); ++k) {
    const double e2 = own[k].error * own[k].error;
    paints[k].alpha = own[k].pairs ? (own[k].alpha * s2 + common * e2) / (s2 + e2) : common;
    paints[k].alpha = std::clamp(paints[k].alpha, std::max(.02, least[k]), 1.);
  }
  return whole;
}

}  // namespace

ContourFit fit_paints(const CropStack& seen, const Evidence& evidence, const PaintMap& map,
                      std::vector<Paint>& paints) {
  constexpr int near = 10;
  std::vector<Contour> contours;
  for (std::size_t k = 0; k < paints.size(); ++k)
    contours.push_back(contour_of(map, static_cast<std::uint8_t>(k + 1), near));
  const ContourFit whole = fit_opacities(seen, evidence, contours, paints);
  for (std::size_t k = 0; k < paints.size(); ++k) {
    Paint& p = paints[k];
    if (contours[k].pairs.size() < 16) {
      colour_from_contrast(evidence, p);  // strokes too thin to have an inside
      continue;
    }
    p.premultiplied = fit_colour(evidence, contours[k], paints, p.alpha);
    for (std::size_t c = 0; c < 3; ++c) {
      std::vector<float> inside;
      for (const Contour::Pair& pair : contours[k].pairs)
        inside.push_back(evidence.contrast[c].values[pair.in]);
      p.contrast[c] = quantile(std::move(inside), .5);
    }
  }
  return whole;
}

}  // namespace cleanplate
