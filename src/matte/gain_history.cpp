#include "matte/gain_history.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cleanplate {

namespace {

constexpr double sure = .2;         // an answer with a greater error tells nothing
constexpr double least_step = .12;  // a smaller one may be the meter's own
constexpr int least_frames = 8;     // that an estimate needs

bool tells(const FrameGain& g) { return g.error < sure; }

std::vector<int> all_frames(std::size_t count) {
  std::vector<int> all(count);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

double median(std::vector<float> values) {
  return static_cast<double>(quantile(std::move(values), .5));
}

}  // namespace

std::vector<FrameGain> gains_of(const GainMeter& meter, const CropStack& seen) {
  std::vector<FrameGain> out;
  for (int t = 0; t < seen.frames(); ++t) {
    std::array<const std::uint16_t*, 3> samples{};
    for (int c = 0; c < seen.format().components(); ++c)
      samples[static_cast<std::size_t>(c)] = seen.samples(c, t);
    out.push_back(meter.measure(samples));
  }
  return out;
}

GainHistory gain_history(const std::vector<FrameGain>& gains,
                         const std::vector<std::int64_t>& pts) {
  GainHistory out;
  std::vector<float> there;
  std::size_t told = 0;
  for (const FrameGain& g : gains) {
    told += tells(g);
    if (tells(g) && g.value > .6) there.push_back(static_cast<float>(g.value));
  }
  if (told < 4 || told * 5 < gains.size() || there.size() < 3) return out;
  const double level = median(there);
  std::vector<float> off;
  for (const float v : there)
    if (std::abs(static_cast<double>(v) - level) < .3)
      off.push_back(std::abs(v - static_cast<float>(level)));
  const double spread = 1.48 * median(off);
  std::size_t changed = 0;
  for (const FrameGain& g : gains)
    changed += tells(g) && std::abs(g.value - level) > std::max(4 * g.error, least_step);
  out.varies = static_cast<double>(changed) > .03 * static_cast<double>(told) + 1;
  // A model that is there all the time is right by itself; only its meter may be off.
  if (std::abs(level - 1) < .25) out.reference = level;
  out.noise = std::clamp(spread, .02, .1);
  out.measured = true;
  for (std::size_t t = 0; t < gains.size(); ++t)
    if (tells(gains[t]))
      out.samples.push_back(
          {pts[t], gains[t].value / out.reference, gains[t].error / out.reference});
  return out;
}

std::vector<int> strongest_frames(const std::vector<FrameGain>& gains) {
  std::vector<float> told;
  for (const FrameGain& g : gains)
    if (tells(g)) told.push_back(static_cast<float>(g.value));
  if (told.size() < least_frames) return all_frames(gains.size());
  const double strongest = static_cast<double>(quantile(told, .85));
  std::vector<int> kept;
  std::size_t weaker = 0;
  for (std::size_t t = 0; t < gains.size(); ++t) {
    const FrameGain& g = gains[t];
    const bool weak = tells(g) && g.value < .88 * strongest &&
                      strongest - g.value > std::max(3 * g.error, least_step);
    weaker += weak;
    if (!weak && (tells(g) || g.value > .5 * strongest)) kept.push_back(static_cast<int>(t));
  }
  if (kept.size() < least_frames || weaker * 25 < gains.size()) return all_frames(gains.size());
  return kept;
}

std::vector<int> frames_with_common_edges(const CropStack& seen, const Field& hint) {
  const int frames = seen.frames();
  const Box& box = seen.box(0);
  auto all = all_frames(static_cast<std::size_t>(frames));
  if (frames < 2 * least_frames || box.width < 8 || box.height < 8) return all;
  constexpr int apart = 2;
  struct Spot {
    std::size_t a, b;
  };
  std::vector<Spot> spots;
  for (int y = 0; y + apart < box.height; ++y)
    for (int x = 0; x + apart < box.width; ++x) {
      if (hint.at(x, y) <= 0) continue;
      const std::size_t i = hint.index(x, y);
      spots.push_back({i, i + apart});
      spots.push_back({i, i + apart * static_cast<std::size_t>(box.width)});
    }
  const std::size_t step = std::max<std::size_t>(1, spots.size() / 6000);
  std::vector<double> share(static_cast<std::size_t>(frames), 1), common;
  // A frame's edges against those that the frames so far taken have in common, leaving it out.
  for (int round = 0; round < 4; ++round) {
    common.assign(spots.size() / step + 1, 0);
    double taken = 0;
    for (int t = 0; t < frames; ++t) {
      const auto weight = share[static_cast<std::size_t>(t)];
      const auto* s = seen.samples(0, t);
      for (std::size_t k = 0; k * step < spots.size(); ++k)
        common[k] += weight * (s[spots[k * step].a] - s[spots[k * step].b]);
      taken += weight;
    }
    if (taken <= 0) return all;
    for (double& c : common) c /= taken;
    double most = 0;
    for (int t = 0; t < frames; ++t) {
      const auto* s = seen.samples(0, t);
      double dot = 0, power = 0;
      const double own = share[static_cast<std::size_t>(t)] / taken;
      for (std::size_t k = 0; k * step < spots.size(); ++k) {
        const double here = s[spots[k * step].a] - s[spots[k * step].b];
        const double others = common[k] - own * here;
        dot += here * others, power += others * others;
      }
      share[static_cast<std::size_t>(t)] = power > 0 ? std::max(0., dot / power) : 0;
      most = std::max(most, share[static_cast<std::size_t>(t)]);
    }
    if (most <= 0) return all;
  }
  std::vector<float> values;
  for (const double v : share) values.push_back(static_cast<float>(v));
  const double high = static_cast<double>(quantile(values, .9));
  std::vector<int> kept;
  int between = 0;
  for (int t = 0; t < frames; ++t) {
    const double v = share[static_cast<std::size_t>(t)] / high;
    if (v > .6) kept.push_back(t);
    between += v > .35 && v <= .6;
  }
  const int away = frames - static_cast<int>(kept.size()) - between;
  if (static_cast<int>(kept.size()) < least_frames || away * 10 < frames || between * 6 > frames)
    return all;
  return kept;
}

}  // namespace cleanplate
