#include "matte/gain_history.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cleanplate {

namespace {

constexpr double sure = .2;         // an answer with a greater error tells nothing
constexpr double least_step = .12;  // a smaller one may be the meter's own
constexpr int least_frames = 8;     // that an estimate needs

/// A model that is too weak finds the mark several times as strong, and errs by as much more.
bool tells(const FrameGain& g) { return g.error < sure * std::max(1., g.value); }

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

GainHistory gain_history(const std::vector<FrameGain>& gains, const std::vector<std::int64_t>& pts,
                         const std::vector<int>& full, const std::vector<int>& away) {
  GainHistory out;
  const auto level_of = [&](const std::vector<int>& frames, double otherwise) {
    std::vector<float> values;
    for (const int t : frames)
      if (const FrameGain& g = gains[static_cast<std::size_t>(t)]; tells(g))
        values.push_back(static_cast<float>(g.value));
    return values.size() < 3 ? otherwise : median(std::move(values));
  };
  const auto told = std::count_if(gains.begin(), gains.end(), tells);
  if (told < 4 || told * 5 < static_cast<std::ptrdiff_t>(gains.size())) return out;
  out.reference = level_of(full, 1);
  if (std::abs(out.reference - 1) > .3) return out;  // the model does not hold
  out.floor = std::clamp(level_of(away, 0), -.4, most_floor);
  const double span = out.reference - out.floor;
  std::size_t changed = 0;
  for (std::size_t t = 0; t < gains.size(); ++t) {
    const FrameGain& g = gains[t];
    if (!tells(g)) continue;
    changed += std::abs(g.value - out.reference) > std::max(4 * g.error, least_step);
    out.samples.push_back({pts[t], (g.value - out.floor) / span, g.error / span});
  }
  out.varies = static_cast<double>(changed) > .03 * static_cast<double>(told) + 1;
  // Where nothing changes, how far the answers lie from the level; and what is left of neighbours'
  // differences when a steady change is taken out.
  std::vector<float> off;
  for (const GainSample& s : out.samples)
    for (const double level : {0., 1.})
      if (std::abs(s.value - level) < least_step)
        off.push_back(static_cast<float>(std::abs(s.value - level)));
  std::vector<float> bends;
  for (std::size_t k = 1; k + 1 < out.samples.size(); ++k)
    bends.push_back(static_cast<float>(
        std::abs(out.samples[k - 1].value - 2 * out.samples[k].value + out.samples[k + 1].value)));
  out.noise = std::clamp(
      1.48 * std::max(median(std::move(bends)) / std::sqrt(6.), median(std::move(off))), .01, .06);
  out.measured = span > .4;
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

namespace {

/// Edges of one component of the place in each frame, strong ones held down; rows: frames.
std::vector<std::vector<float>> edges_over_time(const CropStack& seen, int component,
                                                const Field& hint) {
  constexpr int apart = 2;
  constexpr std::size_t most_spots = 1600;
  const Box& box = seen.box(component);
  const auto unit = static_cast<float>(1 << (seen.format().bits - 8));
  std::vector<std::array<std::size_t, 2>> spots;
  for (int y = 0; y + apart < box.height; ++y)
    for (int x = 0; x + apart < box.width; ++x) {
      if (hint.at(x * hint.width / box.width, y * hint.height / box.height) <= 0) continue;
      const auto i = static_cast<std::size_t>(y * box.width + x);
      spots.push_back({i, i + apart});
      spots.push_back({i, i + apart * static_cast<std::size_t>(box.width)});
    }
  const std::size_t count = std::min(most_spots, spots.size());
  std::vector<std::vector<float>> out;
  for (int t = 0; t < seen.frames(); ++t) {
    const auto* s = seen.samples(component, t);
    out.emplace_back(count);
    for (std::size_t k = 0; k < count; ++k) {
      const auto& [a, b] = spots[k * spots.size() / count];
      const float step = (static_cast<float>(s[b]) - static_cast<float>(s[a])) / unit;
      out.back()[k] = step / std::sqrt(std::abs(step) + 4);
    }
  }
  return out;
}

std::vector<float> mean_of(const std::vector<std::vector<float>>& rows,
                           const std::vector<int>& of) {
  std::vector<float> out(rows.front().size());
  for (const int t : of)
    for (std::size_t k = 0; k < out.size(); ++k)
      out[k] += rows[static_cast<std::size_t>(t)][k] / static_cast<float>(of.size());
  return out;
}

/// How each frame stands on the first principal component of the rows, any scale and sign.
std::vector<double> first_component(std::vector<std::vector<float>> rows) {
  const std::size_t frames = rows.size();
  const auto middle = mean_of(rows, all_frames(frames));
  for (auto& row : rows)
    for (std::size_t k = 0; k < row.size(); ++k) row[k] -= middle[k];
  std::vector<double> stand(frames);
  for (std::size_t t = 0; t < frames; ++t)
    stand[t] = t < frames / 2 ? 1 : -.7 + static_cast<double>(t % 3);
  for (int round = 0; round < 25; ++round) {
    std::vector<double> way(middle.size());
    for (std::size_t t = 0; t < frames; ++t)
      for (std::size_t k = 0; k < way.size(); ++k)
        way[k] += stand[t] * static_cast<double>(rows[t][k]);
    double size = 0;
    for (std::size_t t = 0; t < frames; ++t) {
      double sum = 0;
      for (std::size_t k = 0; k < way.size(); ++k) sum += way[k] * static_cast<double>(rows[t][k]);
      stand[t] = sum, size += sum * sum;
    }
    if (size <= 0) return {};
    for (double& s : stand) s /= std::sqrt(size);
  }
  return stand;
}

}  // namespace

Presence presence_of(const CropStack& seen, int component, const Field& hint) {
  const auto frames = static_cast<std::size_t>(std::max(0, seen.frames()));
  const Box& box = seen.box(component);
  if (frames < 2 * least_frames || box.width < 8 || box.height < 8) return {};
  const auto rows = edges_over_time(seen, component, hint);
  if (rows.front().size() < 40) return {};
  const auto stand = first_component(rows);
  if (stand.empty()) return {};
  // Two plateaus, found from the middle of the range.
  const auto [low_end, high_end] = std::minmax_element(stand.begin(), stand.end());
  double cut = (*low_end + *high_end) / 2, low = 0, high = 0;
  for (int round = 0; round < 3; ++round) {
    std::vector<float> below, above;
    for (const double s : stand) (s < cut ? below : above).push_back(static_cast<float>(s));
    if (below.size() < 4 || above.size() < 4) return {};
    low = median(below), high = median(above);
    cut = (low + high) / 2;
  }
  constexpr double near = .2;  // of the gap
  std::vector<int> below, above;
  for (std::size_t t = 0; t < frames; ++t) {
    if (std::abs(stand[t] - low) < near * (high - low)) below.push_back(static_cast<int>(t));
    if (std::abs(stand[t] - high) < near * (high - low)) above.push_back(static_cast<int>(t));
  }
  if (below.size() < least_frames || above.size() < least_frames ||
      (below.size() + above.size()) * 10 < frames * 6)
    return {};
  // What the two kinds differ by, where they differ most: one of them has nothing of it.
  const auto a = mean_of(rows, below), b = mean_of(rows, above);
  std::vector<float> apart;
  for (std::size_t k = 0; k < a.size(); ++k) apart.push_back(std::abs(b[k] - a[k]));
  const float strong = quantile(apart, .95);
  double both = 0, power = 0;
  for (std::size_t k = 0; k < a.size(); ++k)
    if (apart[k] >= strong) {
      both += static_cast<double>(a[k] * (b[k] - a[k]));
      power += static_cast<double>((b[k] - a[k]) * (b[k] - a[k]));
    }
  if (power <= 0) return {};
  const double share = both / power;  // 0: below has nothing of it; -1: above
  constexpr double clear = .3;
  if (std::abs(share) < clear) return {above, below};
  if (std::abs(share + 1) < clear) return {below, above};
  return {};
}

}  // namespace cleanplate
