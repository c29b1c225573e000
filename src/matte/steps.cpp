#include "matte/steps.h"

#include <algorithm>
#include <cmath>

#include "matte/contrast.h"

namespace cleanplate {

namespace {

constexpr std::size_t most_a_side = 8;  // frames
constexpr float stands_out = 8;         // spreads that the mark is strong, where it is strongest
constexpr float least_spread = 1;       // 8-bit levels
constexpr float most_spread = 3;        // 8-bit levels; more is a scene that moves
constexpr float weaker = .6f;           // share of the strongest mark; less is none
constexpr float usual = 1.5f;           // spreads of the stillest step: others count too

/// Frames on both sides, those next to the step first.
struct Step {
  std::vector<int> with, without;
};

std::vector<Step> steps_of(const TimedStack& with, const TimedStack& without) {
  struct At {
    std::int64_t pts;
    bool with;
    int frame;
  };
  std::vector<At> all;
  for (int t = 0; t < with.frames.frames(); ++t)
    all.push_back({with.pts[static_cast<std::size_t>(t)], true, t});
  for (int t = 0; t < without.frames.frames(); ++t)
    all.push_back({without.pts[static_cast<std::size_t>(t)], false, t});
  std::sort(all.begin(), all.end(), [](const At& a, const At& b) { return a.pts < b.pts; });
  std::vector<Step> steps;
  for (std::size_t n = 1; n < all.size(); ++n) {
    if (all[n - 1].with == all[n].with) continue;
    Step step;
    const auto take = [&](std::size_t from, int way) {
      auto& side = all[from].with ? step.with : step.without;
      for (std::size_t k = from; side.size() < most_a_side && k < all.size(); k += way) {
        if (all[k].with != all[from].with) break;
        side.push_back(all[k].frame);
      }
    };
    take(n - 1, -1), take(n, 1);
    steps.push_back(std::move(step));
  }
  return steps;
}

std::vector<int> first(const std::vector<int>& frames, std::size_t count) {
  return {frames.begin(),
          frames.begin() + static_cast<std::ptrdiff_t>(std::min(count, frames.size()))};
}

Field minus(Field a, const Field& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a.values[i] -= b.values[i];
  return a;
}

/// The extent of a difference where the mark is not, or where it may be.
float extent_where(const Field& d, const Field& hint, bool may_be, double q) {
  std::vector<float> size;
  for (std::size_t i = 0; i < d.size(); ++i)
    if ((hint.values[i] > 0) == may_be) size.push_back(std::abs(d.values[i]));
  return quantile(std::move(size), q);
}

/// Correlation of detail where there is no mark, in two frames; see StepPictures::stays.
class DetailStays {
 public:
  void add(const Field& with, const Field& without, const Field& hint, float unit) {
    constexpr int apart = 2;
    constexpr double median = .67, least_noise = 1;  // of a normal error; levels
    const auto typical =
        static_cast<double>(extent_where(minus(with, without), hint, false, .5) / unit);
    const double noise = std::max(least_noise, typical / median);
    for (int y = 0; y + apart < hint.height; ++y)
      for (int x = 0; x + apart < hint.width; ++x)
        for (const auto& [dx, dy] : {std::pair{apart, 0}, std::pair{0, apart}}) {
          if (hint.at(x, y) > 0 || hint.at(x + dx, y + dy) > 0) continue;
          const auto step = [&, u = x + dx, v = y + dy](const Field& f) {
            return static_cast<double>((f.at(u, v) - f.at(x, y)) / unit);
          };
          const double a = step(with), b = step(without);
          both_ += a * b, on_ += a * a, off_ += b * b, chance_ += noise * noise;
        }
  }
  [[nodiscard]] double value() const {
    const double on = on_ - chance_, off = off_ - chance_;
    return std::min(on, off) < chance_ ? 1 : std::clamp(both_ / std::sqrt(on * off), 0., 1.);
  }

 private:
  double both_ = 0, on_ = 0, off_ = 0, chance_ = 0;
};

constexpr float most_alpha = .99f;

}  // namespace

double left_by(const OverlayModel& model, const StepPictures& steps) {
  const Matte& matte = model.mattes[0];
  if (matte.alpha.size() != steps.with[0].size()) return 1;
  const double chance = static_cast<double>(steps.spread[0] * steps.spread[0]);
  double left = 0, mark = 0;
  for (std::size_t i = 0; i < matte.alpha.size(); ++i) {
    const float bare = steps.without[0].values[i], seen = steps.with[0].values[i],
                a = std::min(matte.alpha[i], most_alpha);
    const auto power = [&](float off) {
      return std::max(0., static_cast<double>(off * off) - chance);
    };
    mark += power(seen - bare);
    left += power((1 - a) * ((seen - a * matte.colour[i]) / (1 - a) - bare));
  }
  return mark > 0 ? std::sqrt(left / mark) : 1;
}

bool told_better(const OverlayModel& by_all, const StepPictures& steps, double little) {
  constexpr double least = .65;  // of the scene's detail, that must stay for steps to tell so
  const double wrong = (1 - by_all.alpha_peak) * (1 - steps.stays);  // by which an opacity would be
  const double left = left_by(by_all, steps);
  const bool holds = left < much_left || steps.stays < least;
  return left < little || (holds && wrong > by_all.alpha_error);
}

std::optional<StepPictures> pictures_of_steps(const TimedStack& with, const TimedStack& without,
                                              const Field& hint) {
  // Some of the mark may lie outside the place that was found.
  constexpr double most_of_it = .8, strongest = .98, most_of_mark = .9;
  const PixelFormat format = with.frames.format();
  const auto unit = static_cast<float>(1 << (format.bits - 8));
  const Size size{hint.width, hint.height};
  const auto luma_spread = [&](const std::vector<int>& on, const std::vector<int>& off) {
    return extent_where(minus(with.frames.of(on).mean(0), without.frames.of(off).mean(0)), hint,
                        false, most_of_it);
  };
  const auto mark = [&](const Step& step) {
    return extent_where(
        minus(with.frames.of(step.with).mean(0), without.frames.of(step.without).mean(0)), hint,
        true, most_of_mark);
  };
  std::vector<int> on, off;
  DetailStays stays;
  float stillest = 0, strongest_mark = 0;
  std::vector<std::pair<float, Step>> best;  // each step's
  for (const Step& step : steps_of(with, without)) {
    std::optional<std::pair<float, Step>> least;
    for (std::size_t count = 1; count <= most_a_side; count *= 2) {
      Step part{first(step.with, count), first(step.without, count)};
      const float spread = luma_spread(part.with, part.without);
      if (!least || spread < least->first) least = {spread, std::move(part)};
    }
    stillest = best.empty() ? least->first : std::min(stillest, least->first);
    strongest_mark = std::max(strongest_mark, mark(least->second));
    best.push_back(*std::move(least));
  }
  const float still = std::max(usual * stillest, least_spread * unit);
  for (const auto& [spread, step] : best) {
    if (spread > still || spread > most_spread * unit) continue;
    if (mark(step) < weaker * strongest_mark) continue;  // its time is not known to the frame
    on.insert(on.end(), step.with.begin(), step.with.end());
    off.insert(off.end(), step.without.begin(), step.without.end());
    // Those that are the farthest apart, as a mean of what moves has no detail.
    stays.add(with.frames.of({step.with.back()}).mean(0),
              without.frames.of({step.without.back()}).mean(0), hint, unit);
  }
  if (on.empty()) return std::nullopt;
  StepPictures out;
  const CropStack there = with.frames.of(on), bare = without.frames.of(off);
  bool clear = false;
  for (int component = 0; component < 3; ++component) {
    const auto c = static_cast<std::size_t>(component);
    out.spread[c] = least_spread * unit;
    if (component >= format.components()) continue;
    out.with[c] = there.mean(component), out.without[c] = bare.mean(component);
    const Field d = enlarged(minus(out.with[c], out.without[c]), size);
    out.spread[c] = std::max(out.spread[c], extent_where(d, hint, false, most_of_it));
    clear = clear || extent_where(d, hint, true, strongest) > stands_out * out.spread[c];
  }
  if (!clear) return std::nullopt;
  out.stays = stays.value();
  return out;
}

}  // namespace cleanplate
