#include "matte/opacity.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cleanplate {

namespace {

/// For each hole sample the nearest sample outside (city-block), and how far.
struct Nearest {
  std::vector<int> index, distance;
};

Nearest nearest_outside(const Field& hole) {
  Nearest n{std::vector<int>(hole.size(), -1), std::vector<int>(hole.size(), 1 << 20)};
  std::vector<int> front;
  for (std::size_t i = 0; i < hole.size(); ++i)
    if (hole.values[i] <= 0) {
      n.index[i] = static_cast<int>(i), n.distance[i] = 0;
      front.push_back(static_cast<int>(i));
    }
  for (std::size_t k = 0; k < front.size(); ++k) {
    const int i = front[k], x = i % hole.width, y = i / hole.width;
    const auto visit = [&](int nx, int ny) {
      if (nx < 0 || ny < 0 || nx >= hole.width || ny >= hole.height) return;
      const auto j = hole.index(nx, ny);
      if (n.index[j] >= 0) return;
      n.index[j] = n.index[static_cast<std::size_t>(i)];
      n.distance[j] = n.distance[static_cast<std::size_t>(i)] + 1;
      front.push_back(static_cast<int>(j));
    };
    visit(x - 1, y), visit(x + 1, y), visit(x, y - 1), visit(x, y + 1);
  }
  return n;
}

constexpr int sectors = 8;

}  // namespace

Opacity opacity_across_contour(const CropStack& seen, const Field& hole,
                               const std::vector<std::size_t>& core, int near) {
  const Nearest nearest = nearest_outside(hole);
  struct Pair {
    std::size_t in, out;
    std::size_t sector;
  };
  const auto columns = static_cast<std::size_t>(hole.width);
  const auto x_of = [&](std::size_t i) { return static_cast<double>(i % columns); };
  const auto y_of = [&](std::size_t i) {
    const std::size_t row = i / columns;
    return static_cast<double>(row);
  };
  double cx = 0, cy = 0;
  for (std::size_t i : core) cx += x_of(i), cy += y_of(i);
  cx /= static_cast<double>(core.size()), cy /= static_cast<double>(core.size());
  std::vector<Pair> pairs;
  for (std::size_t i : core)
    if (nearest.index[i] >= 0 && nearest.distance[i] <= near) {
      const double dx = x_of(i) - cx;
      const double dy = y_of(i) - cy;
      const std::size_t octant =
          (dx > 0 ? 4U : 0U) + (dy > 0 ? 2U : 0U) + (std::abs(dx) > std::abs(dy) ? 1U : 0U);
      pairs.push_back({i, static_cast<std::size_t>(nearest.index[i]), octant});
    }
  if (pairs.size() < 16) return {};

  std::array<double, sectors> inside{}, outside{};
  const double noise = 2. * static_cast<double>(1 << (2 * (seen.format().bits - 8)));
  const double n = seen.frames();
  std::vector<double> si(pairs.size()), sii(pairs.size()), so(pairs.size()), soo(pairs.size());
  for (int t = 0; t < seen.frames(); ++t) {
    const auto* f = seen.samples(0, t);
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      const double i = f[pairs[k].in], o = f[pairs[k].out];
      si[k] += i, sii[k] += i * i, so[k] += o, soo[k] += o * o;
    }
  }
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    inside[pairs[k].sector] += std::max(0., sii[k] / n - si[k] / n * (si[k] / n) - noise);
    outside[pairs[k].sector] += std::max(0., soo[k] / n - so[k] / n * (so[k] / n) - noise);
  }
  double in = 0, out = 0;
  for (std::size_t s = 0; s < sectors; ++s) in += inside[s], out += outside[s];
  if (out <= 0) return {};
  Opacity o;
  o.alpha = std::clamp(1 - std::sqrt(in / out), 0., 1.);
  double spread = 0;  // jackknife over sectors
  int used = 0;
  for (std::size_t s = 0; s < sectors; ++s) {
    if (out - outside[s] <= 0) continue;
    const double without = 1 - std::sqrt(std::max(0., in - inside[s]) / (out - outside[s]));
    spread += (without - o.alpha) * (without - o.alpha);
    ++used;
  }
  o.error = used > 1 ? std::sqrt(spread * (used - 1) / used) : 1;
  // A background that stands still says nothing.
  const double motion2 = out / static_cast<double>(pairs.size());
  o.error = std::sqrt(o.error * o.error + .25 * noise / (motion2 + .01 * noise) + .0001);
  return o;
}

}  // namespace cleanplate
