#include "detect/place_visits.h"

#include <algorithm>
#include <cmath>

#include "frame/field.h"

namespace cleanplate {

namespace {

enum class State { gone, unsure, there };
constexpr std::size_t least_frames = 4;  // of a visit
constexpr std::size_t step = 10;         // frames before and after a coming or going
constexpr double at_once = .7;           // of the mark, from one frame to the next
constexpr std::size_t least_gap = 3;     // frames; a shorter one is a slip

/// How strong the mark must be against what is round it: a white one is weak before white.
struct Expected {
  double at0 = 1, slope = 0;
  [[nodiscard]] double at(float around) const {
    return std::clamp(at0 + slope * static_cast<double>(around), 0., 2.);
  }
};

Expected expected_of(const std::vector<Probe>& probes) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const Probe& p : probes) {
    if (p.gain < .4f || p.gain < 5 * p.error || p.alike < .5f) continue;
    const auto a = static_cast<double>(p.around), g = static_cast<double>(p.gain);
    n += 1, x += a, y += g, xx += a * a, xy += a * g;
  }
  if (n < 3) return {};
  const double var = xx / n - x / n * (x / n);
  // A prior keeps the line level where brightness hardly varies.
  const double slope = (xy / n - x / n * (y / n)) / (var + 100);
  return {y / n - slope * x / n, slope};
}

struct Judged {
  State state;
  double share;  // of what is expected
};

Judged judged(const Probe& p, const Expected& expected) {
  const double due = expected.at(p.around);
  const double error = static_cast<double>(p.error);
  const double share = due > .05 ? static_cast<double>(p.gain) / due : 0;
  if (due < std::max(.25, 3 * error)) return {p.alike > .6f ? State::there : State::unsure, share};
  return {share > .5 ? State::there : State::gone, share};
}

std::vector<Visit> runs_of(const std::vector<Judged>& frames) {
  std::vector<Visit> runs;
  for (std::size_t n = 0; n < frames.size(); ++n) {
    if (frames[n].state != State::there) continue;
    const auto sure_gone = [&](std::size_t from) {
      return static_cast<std::size_t>(
          std::count_if(frames.begin() + static_cast<std::ptrdiff_t>(from),
                        frames.begin() + static_cast<std::ptrdiff_t>(n),
                        [](const Judged& j) { return j.state == State::gone; }));
    };
    if (!runs.empty() && sure_gone(runs.back().last + 1) < least_gap)
      runs.back().last = n;
    else
      runs.push_back({n, n});
  }
  std::erase_if(runs, [](const Visit& v) { return v.last - v.first + 1 < least_frames; });
  return runs;
}

/// Counts those that do not come with a scene that comes again.
class Pops {
 public:
  explicit Pops(const SceneCuts& scenes) : scenes_(scenes) {}
  void add(std::size_t frame) {
    constexpr std::size_t enough = 8;  // to be told from
    const std::size_t told = std::min(enough, frames_.size());
    for (std::size_t k = 0; k < told; ++k)
      if (scenes_.comes_again(frames_[k], frame)) return;
    frames_.push_back(frame);
  }
  [[nodiscard]] int count() const { return static_cast<int>(frames_.size()); }

 private:
  const SceneCuts& scenes_;
  std::vector<std::size_t> frames_;
};

}  // namespace

Visits visits_of(const std::vector<Probe>& probes, const Scenes& scenes) {
  const std::vector<bool>& cut = scenes.cut;
  Visits out;
  const Expected expected = expected_of(probes);
  std::vector<Judged> frames;
  frames.reserve(probes.size());
  for (const Probe& p : probes) frames.push_back(judged(p, expected));
  out.visits = runs_of(frames);

  std::vector<float> alike;
  for (const Visit& v : out.visits)
    for (std::size_t n = v.first; n <= v.last; ++n) alike.push_back(probes[n].alike);
  const float usual = quantile(alike, .5);
  out.alike = static_cast<double>(usual);

  double sure = 0, wholly = 0;
  std::vector<bool> in(frames.size(), false);
  for (const Visit& v : out.visits)
    std::fill(in.begin() + static_cast<std::ptrdiff_t>(v.first),
              in.begin() + static_cast<std::ptrdiff_t>(v.last + 1), true);
  for (std::size_t n = 0; n < frames.size(); ++n) {
    if (frames[n].state == State::unsure) continue;
    sure += 1;
    wholly += std::fabs(frames[n].share - (in[n] ? 1 : 0)) < .3;
  }
  out.steady = sure > 0 ? wholly / sure : 0;

  // A step: for a while wholly one, then at once wholly the other, and no shifted pattern beside
  // it.
  const auto mean_share = [&](std::size_t from, std::size_t to) {
    double sum = 0;
    for (std::size_t n = from; n < to; ++n)
      sum += frames[n].state == State::unsure ? .5 : std::clamp(frames[n].share, -.5, 1.5);
    return sum / static_cast<double>(to - from);
  };
  const auto gone_in = [&](std::size_t from, std::size_t to) {
    return std::fabs(mean_share(from, to)) < .2;
  };
  const auto here = [&](std::size_t n) { return frames[n].share > .6; };
  const auto calm = [&](std::size_t at) {
    return at >= step + 1 && at + step + 1 <= frames.size() &&
           std::none_of(cut.begin() + static_cast<std::ptrdiff_t>(at - 2),
                        cut.begin() + static_cast<std::ptrdiff_t>(at + 2),
                        [](bool c) { return c; });
  };
  Pops comings(scenes.seen), goings(scenes.seen);
  for (const Visit& v : out.visits) {
    if (calm(v.first) && frames[v.first].share - frames[v.first - 1].share > at_once &&
        gone_in(v.first - 1 - step, v.first - 1) &&
        mean_share(v.first + 1, v.first + 1 + step) > .75)
      comings.add(v.first);
    if (calm(v.last + 1) && frames[v.last].share - frames[v.last + 1].share > at_once &&
        mean_share(v.last - step, v.last) > .75 &&
        gone_in(v.last + 2, std::min(frames.size(), v.last + 2 + step)))
      goings.add(v.last);
    for (std::size_t n = v.first + 2; n + 2 <= v.last; ++n)
      out.cuts += cut[n] && (scenes.returns[n] == n || !here(scenes.returns[n])) && here(n - 2) &&
                  here(n - 1) && here(n) && here(n + 1);
  }
  out.pops = comings.count() + goings.count();
  // Fades, and what cannot be decided.
  for (std::size_t k = 0; k < out.visits.size(); ++k) {
    Visit& v = out.visits[k];
    const auto open = [&](std::size_t n) {
      return frames[n].state == State::unsure || frames[n].share > .2;
    };
    const std::size_t least = k ? out.visits[k - 1].last + 1 : 0;
    const std::size_t most =
        k + 1 < out.visits.size() ? out.visits[k + 1].first - 1 : frames.size() - 1;
    while (v.first > least && open(v.first - 1)) --v.first;
    while (v.last < most && open(v.last + 1)) ++v.last;
  }
  for (const Visit& v : out.visits) out.frames += v.last - v.first + 1;
  return out;
}

}  // namespace cleanplate
