#include "matte/master.h"

#include <algorithm>
#include <cmath>

#include "matte/gain_history.h"

namespace cleanplate {

namespace {

constexpr double coding_noise = 1.4;  // rms of a good encode's error, 8-bit levels
constexpr double alpha_error = .01;   // a master's, with its place and scaling
constexpr float least_alpha = 1.f / 255;
constexpr double least_gain = .08, most_gain = 1.25;

/// What a fill is wrong by, squared: a place like it differs from what is some samples away.
double fill_error2(const CropStack& placebo) {
  constexpr int away = 6;
  const Box& box = placebo.box(0);
  if (placebo.frames() == 0 || box.width <= away) return 100;
  double sum = 0, n = 0;
  for (int t = 0; t < placebo.frames(); t += std::max(1, placebo.frames() / 8)) {
    const auto* s = placebo.samples(0, t);
    for (int y = 0; y < box.height; y += 2)
      for (int x = 0; x + away < box.width; x += 2) {
        const auto i = static_cast<std::size_t>(y) * static_cast<std::size_t>(box.width) +
                       static_cast<std::size_t>(x);
        const double d = s[i] - s[i + away];
        sum += d * d, n += 1;
      }
  }
  return n > 0 ? sum / n : 100;
}

std::shared_ptr<Mask> mask_of(const Matte& luma, int reach) {
  Field covered(luma.box.width, luma.box.height);
  for (std::size_t i = 0; i < covered.size(); ++i) covered.values[i] = luma.alpha[i] > least_alpha;
  if (reach > 0) covered = dilated(covered, reach);
  auto mask = std::make_shared<Mask>();
  mask->box = luma.box;
  for (const float c : covered.values) mask->values.push_back(c > 0 ? 255 : 0);
  return mask;
}

}  // namespace

OverlayModel laid_on(const OverlayModel& model, const std::array<Box, 3>& boxes) {
  OverlayModel out = model;
  for (std::size_t c = 0; c < 3; ++c) {
    const Matte& from = model.mattes[c];
    if (from.alpha.empty() || from.box == boxes[c]) continue;
    const auto samples = static_cast<std::size_t>(boxes[c].area());
    Matte& to = out.mattes[c];
    to = {boxes[c], std::vector<float>(samples), std::vector<float>(samples),
          std::vector<float>(samples)};
    const Box both = from.box.intersect(boxes[c]);
    for (int y = both.y; y < both.bottom(); ++y)
      for (int x = both.x; x < both.right(); ++x) {
        const auto i = static_cast<std::size_t>((y - from.box.y) * from.box.width + x - from.box.x);
        const auto k = static_cast<std::size_t>((y - to.box.y) * to.box.width + x - to.box.x);
        to.alpha[k] = from.alpha[i], to.colour[k] = from.colour[i], to.trust[k] = from.trust[i];
      }
  }
  return out;
}

MatteEstimate master_matte(const OverlayModel& master, const CropStack& seen,
                           const CropStack& placebo) {
  MatteEstimate out;
  OverlayModel model = laid_on(master, {seen.box(0), seen.box(1), seen.box(2)});
  const auto gains = gains_of(GainMeter(model), seen);
  std::vector<float> values, errors;
  for (const int t : strongest_frames(gains)) {
    const FrameGain& g = gains[static_cast<std::size_t>(t)];
    if (g.error > .3) continue;
    values.push_back(static_cast<float>(g.value));
    errors.push_back(static_cast<float>(g.error));
  }
  if (values.size() < 3) return out;
  const double gain = static_cast<double>(quantile(values, .5));
  const double error = static_cast<double>(quantile(errors, .5));
  if (gain < least_gain || gain > most_gain || gain < 5 * error) return out;
  out.opacity = gain;
  // Frames of one scene err together, so more of them do not make it much surer; a master that is
  // nearly as the file has it is as the file has it.
  const double applied = std::abs(gain - 1) < std::max(.02, 1.5 * error) ? 1 : gain;
  const double f2 = std::max(1., fill_error2(placebo));
  const double unit = 1 << (model.bits - 8);
  double trusted = 0, covered = 0;
  for (Matte& matte : model.mattes)
    for (std::size_t i = 0; i < matte.alpha.size(); ++i) {
      const double a = std::min(1., static_cast<double>(matte.alpha[i]) * applied);
      matte.alpha[i] = static_cast<float>(a);
      if (a <= 0) continue;
      const double through = std::max(1 - a, 1e-3);
      const double u2 =
          (coding_noise * coding_noise * unit * unit + alpha_error * alpha_error * 2 * f2) /
          (through * through);
      matte.trust[i] = a > .97 ? 0.f : static_cast<float>(f2 / (f2 + u2));
      if (&matte == &model.mattes[0]) trusted += static_cast<double>(matte.trust[i]), covered += 1;
    }
  if (covered == 0) return out;
  out.trust = trusted / covered;
  out.left = 0;
  model.alpha_peak = std::min(1., model.alpha_peak * applied);
  model.alpha_error = alpha_error;
  model.confidence = 1 / (1 + 25 * error * error);
  out.support = mask_of(model.mattes[0], 0);
  out.reach = mask_of(model.mattes[0], 2);
  out.model = std::make_shared<OverlayModel>(std::move(model));
  return out;
}

}  // namespace cleanplate
