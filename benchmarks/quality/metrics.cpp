#include "metrics.h"

#include <algorithm>
#include <cmath>

#include "case.h"

namespace quality {

namespace {
constexpr double least_pattern = 2;  // levels, DESIGN §12
constexpr double flash = .25;

template <class Use>
void over_support(const demo::Layer& layer, const Patch& patch, Use&& use) {
  for (int y = patch.y; y < patch.y + patch.height; ++y)
    for (int x = patch.x; x < patch.x + patch.width; ++x)
      if (const float a = layer.alpha_at(x, y); a > support_alpha) use(x, y, a);
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const auto high = std::min(low + 1, values.size() - 1);
  return values[low] + (values[high] - values[low]) * (at - static_cast<double>(low));
}
}  // namespace

double psnr(double squared_error) {
  return squared_error > 0 ? std::min(99., 10 * std::log10(255. * 255. / squared_error)) : 99;
}

FrameScore score(const Crop& output, const Crop& clean, const demo::Overlay& truth) {
  const double unit = std::ldexp(1., 8 - truth.bits);
  FrameScore result;
  double along = 0, pattern = 0, chroma_error = 0;
  std::size_t all = 0, chroma = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const demo::Layer& layer = truth.layers[c];
    double mean = 0, error = 0;
    std::size_t count = 0;
    over_support(layer, clean[c], [&](int x, int y, float) { mean += clean[c].at(x, y), ++count; });
    if (!count) continue;
    mean /= static_cast<double>(count);
    over_support(layer, clean[c], [&](int x, int y, float a) {
      const double d = unit * (output[c].at(x, y) - clean[c].at(x, y));
      const double p = unit * a * (layer.colour_at(x, y) - mean);
      along += d * p, pattern += p * p, error += d * d;
    });
    all += count;
    if (c == 0) {
      result.squared_error = error / static_cast<double>(count);
      result.support = count;
    } else {
      chroma_error += error, chroma += count;
    }
  }
  if (chroma) result.chroma_squared_error = chroma_error / static_cast<double>(chroma);
  if (pattern > 0) result.residue = along / pattern;
  if (all) result.pattern_rms = std::sqrt(pattern / static_cast<double>(all));
  return result;
}

double flicker(const Crop& output, const Crop& clean, const demo::Overlay& truth,
               const Crop& output_before, const Crop& clean_before,
               const demo::Overlay& truth_before) {
  const double unit = std::ldexp(1., 8 - truth.bits);
  double sum = 0;
  std::size_t count = 0;
  over_support(truth.layers[0], clean[0], [&](int x, int y, float) {
    if (!(truth_before.layers[0].alpha_at(x, y) > support_alpha)) return;
    const int now = output[0].at(x, y) - clean[0].at(x, y);
    const int before = output_before[0].at(x, y) - clean_before[0].at(x, y);
    sum += unit * std::abs(now - before), ++count;
  });
  return count ? sum / static_cast<double>(count) : 0;
}

void Scorer::add(Crop output, Crop clean, const demo::Overlay& truth) {
  if (!frames_.empty())
    flicker_ += flicker(output, clean, truth, output_before_, clean_before_, truth_before_);
  frames_.push_back(quality::score(output, clean, truth));
  texture_.add(output, truth);
  output_before_ = std::move(output);
  clean_before_ = std::move(clean);
  truth_before_ = truth;
}

ClipScore Scorer::score() const {
  ClipScore result;
  double error = 0, chroma = 0, samples = 0, worst = 0;
  std::vector<double> residues;
  for (const FrameScore& frame : frames_) {
    const auto weight = static_cast<double>(frame.support);
    error += weight * frame.squared_error, chroma += weight * frame.chroma_squared_error;
    samples += weight;
    worst = std::max(worst, frame.squared_error);
    if (frame.pattern_rms < least_pattern) continue;
    residues.push_back(std::fabs(frame.residue));
    result.residue_mean += frame.residue;
    result.flashes += std::fabs(frame.residue) > flash;
  }
  result.frames = static_cast<int>(frames_.size());
  result.measured = static_cast<int>(residues.size());
  result.psnr = psnr(samples > 0 ? error / samples : 0);
  result.chroma_psnr = psnr(samples > 0 ? chroma / samples : 0);
  result.worst_psnr = psnr(worst);
  if (result.measured) result.residue_mean /= result.measured;
  result.residue_median = percentile(residues, .5);
  result.residue_p99 = percentile(residues, .99);
  if (result.frames > 1) result.flicker = flicker_ / (result.frames - 1);
  result.texture = texture_.score();
  return result;
}

}  // namespace quality
