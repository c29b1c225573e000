#include "matte/contour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace cleanplate {

namespace {
constexpr std::size_t sectors = 8;
constexpr double most_alpha_beyond = .7;  // an opaquer paint hides what would be compared

/// Of inside and outside, in each sector: what they vary by, less the coding's noise.
struct Variation {
  std::array<double, sectors> inside{}, outside{};
  double pairs = 0;

  [[nodiscard]] ContourFit fit(double noise) const {
    double in = 0, out = 0;
    for (std::size_t s = 0; s < sectors; ++s) in += inside[s], out += outside[s];
    ContourFit f;
    if (out <= 0 || pairs <= 0) return f;
    f.alpha = std::clamp(1 - std::sqrt(std::max(0., in) / out), 0., 1.);
    double spread = 0;
    int used = 0;
    for (std::size_t s = 0; s < sectors; ++s) {
      if (outside[s] <= 0 || out - outside[s] <= 0) continue;
      const double without = 1 - std::sqrt(std::max(0., in - inside[s]) / (out - outside[s]));
      spread += (without - f.alpha) * (without - f.alpha);
      ++used;
    }
    f.error = used > 2 ? std::sqrt(spread * (used - 1) / used) : 1;
    // What does not vary says nothing.
    const double power = out / pairs;
    f.error = std::sqrt(f.error * f.error + .25 * noise / (power + .01 * noise) + .0001);
    return f;
  }
};
}  // namespace

Contour contour_of(const PaintMap& map, std::uint8_t paint, int near) {
  struct Reached {
    int from = -1, distance = 0;
  };
  std::vector<Reached> reached(map.paint.size());
  std::vector<int> front;
  for (std::size_t i = 0; i < map.paint.size(); ++i)
    if (map.solid[i] && map.paint[i] != paint) {
      reached[i].from = static_cast<int>(i);
      front.push_back(static_cast<int>(i));
    }
  for (std::size_t k = 0; k < front.size(); ++k) {
    const int i = front[k], x = i % map.width, y = i / map.width;
    const Reached here = reached[static_cast<std::size_t>(i)];
    if (here.distance >= near) continue;
    const auto visit = [&](int nx, int ny) {
      if (nx < 0 || ny < 0 || nx >= map.width || ny >= map.height) return;
      Reached& r = reached[map.index(nx, ny)];
      if (r.from >= 0) return;
      r = {here.from, here.distance + 1};
      front.push_back(static_cast<int>(map.index(nx, ny)));
    };
    visit(x - 1, y), visit(x + 1, y), visit(x, y - 1), visit(x, y + 1);
  }
  double cx = 0, cy = 0, n = 0;
  for (int y = 0; y < map.height; ++y)
    for (int x = 0; x < map.width; ++x)
      if (map.paint[map.index(x, y)] == paint) cx += x, cy += y, n += 1;
  if (n > 0) cx /= n, cy /= n;
  Contour out{paint, {}};
  for (int y = 0; y < map.height; ++y)
    for (int x = 0; x < map.width; ++x) {
      const std::size_t i = map.index(x, y);
      if (map.paint[i] != paint || !map.solid[i] || reached[i].from < 0) continue;
      const double dx = x - cx, dy = y - cy;
      const auto sector = static_cast<std::uint8_t>((dx > 0 ? 4 : 0) + (dy > 0 ? 2 : 0) +
                                                    (std::abs(dx) > std::abs(dy) ? 1 : 0));
      const auto other = static_cast<std::size_t>(reached[i].from);
      out.pairs.push_back({i, other, map.paint[other], sector, reached[i].distance > 6});
    }
  return out;
}

ContourFit fit_opacity(const CropStack& seen, const Evidence& evidence, const Contour& contour,
                       const std::vector<Paint>& paints) {
  std::vector<Contour::Pair> pairs;
  for (const Contour::Pair& p : contour.pairs)
    if (!p.beyond || paints[p.beyond - 1U].alpha < most_alpha_beyond) pairs.push_back(p);
  ContourFit out;
  if (pairs.size() < 16) return out;
  std::vector<double> dimmed(paints.size() + 1, 1);
  for (std::size_t k = 0; k < paints.size(); ++k) dimmed[k + 1] = 1 - paints[k].alpha;
  const double noise = 2. * static_cast<double>(evidence.unit * evidence.unit);
  const double n = seen.frames();

  struct Sums {
    double i = 0, ii = 0, o = 0, oo = 0, io = 0;
  };
  std::vector<Sums> sums(pairs.size());
  for (int t = 0; t < seen.frames(); ++t) {
    const auto* f = seen.samples(0, t);
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      const double i = f[pairs[k].in], o = f[pairs[k].out];
      Sums& s = sums[k];
      s.i += i, s.ii += i * i, s.o += o, s.oo += o * o;
    }
  }
  Variation over_time, along;
  std::array<Sums, sectors> space{};
  std::array<double, sectors> count{};
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const std::size_t s = pairs[k].sector;
    const double d = dimmed[pairs[k].beyond], mi = sums[k].i / n, mo = sums[k].o / n;
    over_time.inside[s] += std::max(0., sums[k].ii / n - mi * mi - noise);
    over_time.outside[s] += std::max(0., sums[k].oo / n - mo * mo - noise) / (d * d);
    const Unblended beyond(paints, pairs[k].beyond, evidence.top);
    const double in = static_cast<double>(evidence.mean[0].values[pairs[k].in]);
    const double plate =
        static_cast<double>(beyond.plate(evidence.mean[0].values[pairs[k].out], 0));
    space[s].i += in, space[s].ii += in * in, space[s].o += plate, space[s].oo += plate * plate;
    space[s].io += in * plate;
    count[s] += 1;
  }
  over_time.pairs = along.pairs = static_cast<double>(pairs.size());
  double inside = 0, outside = 0, alike = 0;
  for (std::size_t s = 0; s < sectors; ++s) {
    if (count[s] < 8) continue;
    along.inside[s] = std::max(0., space[s].ii - space[s].i * space[s].i / count[s]);
    along.outside[s] = std::max(0., space[s].oo - space[s].o * space[s].o / count[s]);
    inside += along.inside[s], outside += along.outside[s];
    alike += space[s].io - space[s].i * space[s].o / count[s];
  }
  const ContourFit a = over_time.fit(noise);
  if (paints[contour.paint - 1U].shaded) {  // what runs along it may be the paint's own
    out.alpha = a.alpha, out.error = a.error, out.pairs = pairs.size();
    return out;
  }
  ContourFit b = along.fit(noise);
  // Scenery along a contour is few independent things, and a paint need not be even; but what is
  // seen to go on from outside to inside is the same scenery.
  const double correlation =
      inside > 0 && outside > 0 ? std::max(0., alike / std::sqrt(inside * outside)) : 0;
  b.error = std::hypot(b.error, .05, .35 * (1 - correlation));
  const double wa = 1 / (a.error * a.error), wb = 1 / (b.error * b.error);
  out.alpha = (wa * a.alpha + wb * b.alpha) / (wa + wb);
  out.error = std::sqrt(1 / (wa + wb));
  out.pairs = pairs.size();
  return out;
}

namespace {
/// Mean distance of values from one.
double apart(const std::vector<float>& values, float from) {
  double sum = 0;
  for (const float v : values) sum += static_cast<double>(std::abs(v - from));
  return sum / std::max(1., static_cast<double>(values.size()));
}
}  // namespace

Contrast fit_colour(const Evidence& evidence, const Contour& contour,
                    const std::vector<Paint>& paints, double alpha) {
  constexpr double as_well = 1.15;  // times the jumps of the best fit
  Contrast out{};
  const auto count = [&](auto wanted) {
    return std::count_if(contour.pairs.begin(), contour.pairs.end(), wanted);
  };
  const bool bare = count([](const Contour::Pair& p) { return !p.beyond; }) >= 16;
  const bool deep =
      count([&](const Contour::Pair& p) { return p.deep && !(bare && p.beyond); }) >= 16;
  const float grey = static_cast<float>(alpha) * 128 * evidence.unit;
  double fitted = 0, as_grey = 0;
  for (int c = 0; c < evidence.components; ++c) {
    const Field& mean = evidence.mean[static_cast<std::size_t>(c)];
    std::vector<float> values, all;
    for (const Contour::Pair& p : contour.pairs) {
      if (p.beyond && paints[p.beyond - 1U].alpha >= most_alpha_beyond) continue;
      const Unblended beyond(paints, p.beyond, evidence.top);
      const float value =
          mean.values[p.in] - static_cast<float>(1 - alpha) * beyond.plate(mean.values[p.out], c);
      all.push_back(value);
      // Best measured against the bare scene; chroma clear of the edge.
      if ((p.beyond && bare) || (c && deep && !p.deep)) continue;
      values.push_back(value);
    }
    const float fit = quantile(std::move(values), .5);
    out[static_cast<std::size_t>(c)] = fit;
    if (c) fitted += apart(all, fit), as_grey += apart(all, grey);
  }
  // Most marks have no hue; the scene's may end where the mark does.
  if (evidence.components > 1 && as_grey < as_well * fitted) out[1] = out[2] = grey;
  return out;
}

double contour_jump2(const Field& mean, const Contour& contour, int width, const Unblended& inside,
                     const std::vector<Unblended>& outside) {
  constexpr std::size_t cell = 10;
  struct Sum {
    double jump = 0, n = 0;
  };
  std::map<std::pair<std::size_t, std::size_t>, Sum> cells;
  const auto columns = static_cast<std::size_t>(width);
  for (const Contour::Pair& p : contour.pairs) {
    Sum& s = cells[{p.in % columns / cell, p.in / columns / cell}];
    s.jump += static_cast<double>(inside.plate(mean.values[p.in], 0) -
                                  outside[p.beyond].plate(mean.values[p.out], 0));
    s.n += 1;
  }
  double sum = 0, n = 0;
  for (const auto& [where, s] : cells) sum += s.jump * s.jump / s.n, n += s.n;
  return n > 0 ? sum / n : 0;
}

}  // namespace cleanplate
