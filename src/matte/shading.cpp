#include "matte/shading.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "matte/hole_fill.h"

namespace cleanplate {

namespace {

constexpr int apart = 5;       // samples across a border where D is compared
constexpr float smooth = .4f;  // of two paints' difference, that is no step
constexpr std::size_t least_pairs = 8;
constexpr int least_radius = 2, most_radius = 10;  // of the mean over a shading, samples

/// How much of the paints' difference there is right across their border; 1 where they hardly meet.
float step_between(const Evidence& evidence, const PaintMap& map, const std::vector<Paint>& paints,
                   std::uint8_t a, std::uint8_t b) {
  Contrast way{};
  float length2 = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const float difference = paints[b - 1U].contrast[c] - paints[a - 1U].contrast[c];
    way[c] = difference / (evidence.spread[c] * evidence.spread[c]);  // less where chance may do it
    length2 += difference * way[c];
  }
  std::vector<float> steps;
  const auto look = [&](std::size_t i, std::size_t j, std::size_t between) {
    const std::uint8_t p = map.paint[i], q = map.paint[j], m = map.paint[between];
    if ((m != a && m != b) || !((p == a && q == b) || (p == b && q == a))) return;
    if (!map.solid[i] || !map.solid[j]) return;  // a fringe is a mix, and its step small
    float along = 0;
    for (std::size_t c = 0; c < 3; ++c)
      along += way[c] * (evidence.contrast[c].values[j] - evidence.contrast[c].values[i]);
    steps.push_back((p == a ? along : -along) / std::max(length2, 1e-6f));
  };
  for (int y = 0; y < map.height; ++y)
    for (int x = 0; x < map.width; ++x) {
      const std::size_t i = map.index(x, y);
      if (x + apart < map.width) look(i, map.index(x + apart, y), map.index(x + apart / 2, y));
      if (y + apart < map.height) look(i, map.index(x, y + apart), map.index(x, y + apart / 2));
    }
  return steps.size() < least_pairs ? 1 : quantile(std::move(steps), .5);
}

/// Per paint, the first of those that it runs into.
std::vector<std::uint8_t> groups_of(const Evidence& evidence, const PaintedMark& mark) {
  const auto count = static_cast<std::uint8_t>(mark.paints.size());
  std::vector<std::uint8_t> group(count + 1U);
  std::iota(group.begin(), group.end(), std::uint8_t{0});
  for (std::uint8_t a = 1; a <= count; ++a)
    for (std::uint8_t b = a + 1; b <= count; ++b) {
      if (group[a] == group[b] || step_between(evidence, mark.map, mark.paints, a, b) >= smooth)
        continue;
      const auto [low, high] = std::minmax(group[a], group[b]);
      std::replace(group.begin(), group.end(), std::uint8_t{high}, std::uint8_t{low});
    }
  return group;
}

/// One paint for each group, its opacity the mean by area.
void join(PaintedMark& mark, const std::vector<std::uint8_t>& group) {
  std::vector<std::uint8_t> renamed(group.size(), 0);
  std::vector<Paint> joined;
  std::vector<double> samples(mark.paints.size(), 0);
  for (const std::uint8_t p : mark.map.paint)
    if (p) samples[p - 1U] += 1;
  for (std::size_t k = 1; k < group.size(); ++k) {
    if (group[k] != k) continue;
    Paint one = mark.paints[k - 1];
    double alpha = 0, all = 0;
    one.shaded = std::count(group.begin(), group.end(), group[k]) > 1;
    for (std::size_t other = 1; other < group.size(); ++other)
      if (group[other] == k)
        alpha += samples[other - 1] * mark.paints[other - 1].alpha, all += samples[other - 1];
    if (all > 0) one.alpha = alpha / all;
    joined.push_back(std::move(one));
    renamed[k] = static_cast<std::uint8_t>(joined.size());
  }
  for (std::uint8_t& p : mark.map.paint) p = renamed[group[p]];
  mark.paints = std::move(joined);
  find_cores(mark.map, mark.paints);
  find_solid(mark.map);
}

/// The mean over what lies near in `where`, carried on a little beyond it; 0 farther from it.
Field mean_near(const Field& f, const Field& where, int radius) {
  Field sum(f.width, f.height);
  for (std::size_t i = 0; i < f.size(); ++i) sum.values[i] = f.values[i] * where.values[i];
  sum = box_mean(box_mean(sum, radius), radius);
  const Field weight = box_mean(box_mean(where, radius), radius);
  for (std::size_t i = 0; i < f.size(); ++i)
    sum.values[i] = weight.values[i] > 0 ? sum.values[i] / weight.values[i] : 0;
  return sum;
}

/// What is seen less what shines through, if that is the smooth surface through what surrounds the
/// mark, is αW; of W what is more than in the paint's middle.
/// @param bare  that surface, a component each.
void shade(const Evidence& evidence, const std::array<Field, 3>& bare, const PaintMap& map,
           const Paint& paint, std::uint8_t number, Shading& shading) {
  Field inside(map.width, map.height), all = inside;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    all.values[i] = map.paint[i] == number;
    inside.values[i] = all.values[i] > 0 && map.solid[i];
  }
  const double solid = std::accumulate(inside.values.begin(), inside.values.end(), 0.);
  const int radius = std::clamp(static_cast<int>(std::sqrt(solid) / 16), least_radius, most_radius);
  const auto alpha = static_cast<float>(paint.alpha);
  for (std::size_t c = 0; c < static_cast<std::size_t>(evidence.components); ++c) {
    Field colour = evidence.mean[c];
    std::vector<float> values;
    for (std::size_t i = 0; i < colour.size(); ++i) {
      colour.values[i] = (colour.values[i] - (1 - alpha) * bare[c].values[i]) / alpha;
      if (inside.values[i] > 0) values.push_back(colour.values[i]);
    }
    const float middle = quantile(std::move(values), .5);
    for (float& v : colour.values) v -= middle;
    const Field near = mean_near(colour, inside, radius);
    for (std::size_t i = 0; i < near.size(); ++i)
      if (all.values[i] > 0) shading[c].values[i] = near.values[i];
  }
}

/// The samples beside a shaded paint are a mix with it.
void carry_on(const PaintMap& map, Shading& shading) {
  Field painted(map.width, map.height);
  for (std::size_t i = 0; i < painted.size(); ++i) painted.values[i] = map.paint[i] ? 1.f : 0.f;
  for (Field& f : shading) {
    const Field near = mean_near(f, painted, 2);
    for (std::size_t i = 0; i < f.size(); ++i)
      if (!map.paint[i]) f.values[i] = near.values[i];
  }
}

}  // namespace

Shading take_off_shading(const CropStack& seen, Evidence& evidence, PaintedMark& mark) {
  const std::vector<std::uint8_t> group = groups_of(evidence, mark);
  if (std::adjacent_find(group.begin(), group.end(), std::greater_equal<>()) == group.end())
    return {};  // each is its own
  join(mark, group);
  Field hole(mark.map.width, mark.map.height);
  for (std::size_t i = 0; i < hole.size(); ++i) hole.values[i] = mark.map.paint[i] ? 1.f : 0.f;
  std::array<Field, 3> bare = evidence.mean;
  HoleFill{dilated(hole, 2)}(bare);
  Shading shading;
  Evidence even;
  for (int round = 0; round < 2; ++round) {  // the opacity and the shading want each other
    for (Field& f : shading) f = Field(mark.map.width, mark.map.height);
    for (std::size_t k = 0; k < mark.paints.size(); ++k)
      if (mark.paints[k].shaded)
        shade(evidence, bare, mark.map, mark.paints[k], static_cast<std::uint8_t>(k + 1), shading);
    even = evidence;
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t i = 0; i < shading[c].size(); ++i) {
        const float added = shading_in(shading, mark.map, mark.paints, c, i);
        even.mean[c].values[i] -= added, even.contrast[c].values[i] -= added;
      }
    mark.opacity = fit_paints(seen, even, mark.map, mark.paints);
  }
  evidence = std::move(even);
  carry_on(mark.map, shading);
  return shading;
}

}  // namespace cleanplate
