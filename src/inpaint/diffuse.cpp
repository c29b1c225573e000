#include "inpaint/diffuse.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {
constexpr int least_side = 2;
constexpr float hole_trust = 0.02F;  ///< weight of a gradient seen in the fill itself

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// Marks all within `reach` of a marked sample (square neighbourhood).
std::vector<std::uint8_t> dilated(std::span<const std::uint8_t> mask, int width, int height,
                                  int reach) {
  std::vector<std::uint8_t> out(mask.size());
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      if (mask[at(y * width + x)])
        for (int v = std::max(0, y - reach); v <= std::min(height - 1, y + reach); ++v)
          for (int u = std::max(0, x - reach); u <= std::min(width - 1, x + reach); ++u)
            out[at(v * width + u)] = 1;
  return out;
}

/// Sums over 2·radius+1 samples along a row of n, cut at its ends.
void box_row(const float* from, float* to, int n, int radius) {
  float sum = 0;
  for (int i = 0; i < std::min(radius, n); ++i) sum += from[i];
  for (int i = 0; i < n; ++i) {
    if (i + radius < n) sum += from[i + radius];
    if (i - radius - 1 >= 0) sum -= from[i - radius - 1];
    to[i] = sum;
  }
}

/// The same along the columns of `rows` rows of n, all columns at once. @param sum  n, scratch.
void box_columns(const float* from, float* to, float* sum, int n, int rows, int stride,
                 int radius) {
  std::fill_n(sum, n, 0.F);
  const auto add = [&](int row, float sign) {
    const float* f = from + row * stride;
    for (int i = 0; i < n; ++i) sum[i] += sign * f[i];
  };
  for (int y = 0; y < std::min(radius, rows); ++y) add(y, 1);
  for (int y = 0; y < rows; ++y) {
    if (y + radius < rows) add(y + radius, 1);
    if (y - radius - 1 >= 0) add(y - radius - 1, -1);
    std::copy_n(sum, n, to + y * stride);
  }
}
}  // namespace

Diffuser::Diffuser(int width, int height, std::span<const std::uint8_t> hole, float scale,
                   const DiffuseOptions& options)
    : options_(options), scale_(scale) {
  const auto ring = dilated(hole, width, height, options.ring);
  Level level;
  bool known = false;
  const auto lay = [](Level& l, int w, int h) {
    l.width = w;
    l.height = h;
    l.stride = w + 2;
    const auto n = at(l.stride * (h + 2));
    for (auto* v : {&l.weight, &l.value, &l.xx, &l.xy, &l.yy, &l.slope}) v->assign(n, 0.F);
  };
  const auto list = [](Level& l, bool finest) {
    for (int y = 0; y < l.height; ++y)
      for (int x = 0; x < l.width; ++x) {
        const int p = (y + 1) * l.stride + x + 1;
        const float w = l.weight[at(p)];
        if (w >= 1 || (!finest && w > 0)) continue;
        l.unknown.push_back(p);
        l.pull.push_back(w);
      }
    l.own.resize(l.unknown.size());
    l.links.resize(l.unknown.size() * 8);
  };
  lay(level, width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const auto i = at(y * width + x);
      if (hole[i]) hole_.push_back(y * width + x);
      known = known || !hole[i];
      level.weight[at((y + 1) * level.stride + x + 1)] = hole[i]   ? 0.F
                                                         : ring[i] ? options.ring_trust
                                                                   : 1.F;
    }
  usable_ = known && !hole_.empty();
  if (!usable_) return;
  list(level, true);
  levels_.push_back(std::move(level));
  while (!levels_.back().unknown.empty() &&
         std::max(levels_.back().width, levels_.back().height) > least_side) {
    const Level& fine = levels_.back();
    Level coarse;
    lay(coarse, (fine.width + 1) / 2, (fine.height + 1) / 2);
    for (int y = 0; y < fine.height; ++y)
      for (int x = 0; x < fine.width; ++x)
        coarse.weight[at((y / 2 + 1) * coarse.stride + x / 2 + 1)] +=
            fine.weight[at((y + 1) * fine.stride + x + 1)];
    // One sample in four is enough to call a coarse one known.
    for (float& w : coarse.weight) w = std::min(w, 1.F);
    list(coarse, false);
    levels_.push_back(std::move(coarse));
  }
  row_.resize(levels_[0].value.size());
  pooled_.resize(levels_[0].value.size());
  column_sums_.resize(at(width));
}

void Diffuser::restrict_from(const Level& fine, Level& coarse) const {
  for (int y = 0; y < coarse.height; ++y)
    for (int x = 0; x < coarse.width; ++x) {
      float sum = 0, weight = 0;
      for (int v = 2 * y; v < std::min(2 * y + 2, fine.height); ++v)
        for (int u = 2 * x; u < std::min(2 * x + 2, fine.width); ++u) {
          const auto p = at((v + 1) * fine.stride + u + 1);
          sum += fine.weight[p] * fine.value[p];
          weight += fine.weight[p];
        }
      coarse.value[at((y + 1) * coarse.stride + x + 1)] = weight > 0 ? sum / weight : 0;
    }
}

void Diffuser::extend_from(const Level& coarse, Level& fine) const {
  for (const int p : fine.unknown) {
    const int y = p / fine.stride - 1, x = p % fine.stride - 1;
    // The coarse sample and its neighbour on this sample's side: 3/4 and 1/4.
    const int cx = x / 2, cy = y / 2;
    const int nx = std::clamp(cx + (x & 1 ? 1 : -1), 0, coarse.width - 1);
    const int ny = std::clamp(cy + (y & 1 ? 1 : -1), 0, coarse.height - 1);
    const auto value = [&](int u, int v) {
      return coarse.value[at((v + 1) * coarse.stride + u + 1)];
    };
    fine.value[at(p)] =
        (9 * value(cx, cy) + 3 * (value(nx, cy) + value(cx, ny)) + value(nx, ny)) * (1 / 16.F);
  }
}

void Diffuser::guide(Level& level) {
  const int w = level.width, h = level.height, s = level.stride;
  // The frame around repeats the edge, so that no gradient is seen there.
  for (int y = 1; y <= h; ++y) {
    level.value[at(y * s)] = level.value[at(y * s + 1)];
    level.value[at(y * s + w + 1)] = level.value[at(y * s + w)];
  }
  std::copy_n(&level.value[at(s)], s, &level.value[0]);
  std::copy_n(&level.value[at(h * s)], s, &level.value[at((h + 1) * s)]);
  const float unit = .5F / scale_;
  for (int y = 1; y <= h; ++y)
    for (int x = 1; x <= w; ++x) {
      const auto p = at(y * s + x);
      const float gx = (level.value[p + 1] - level.value[p - 1]) * unit;
      const float gy = (level.value[p + at(s)] - level.value[p - at(s)]) * unit;
      const float trust =
          hole_trust + level.weight[p] * std::min(level.weight[p - 1], level.weight[p + 1]) *
                           std::min(level.weight[p - at(s)], level.weight[p + at(s)]);
      level.xx[p] = trust * gx * gx;
      level.xy[p] = trust * gx * gy;
      level.yy[p] = trust * gy * gy;
      row_[p] = trust;
    }
  const int radius = options_.radius;
  std::vector<float>& total = row_;
  for (auto* plane : {&level.xx, &level.xy, &level.yy, &total}) {
    for (int y = 1; y <= h; ++y)
      box_row(&(*plane)[at(y * s + 1)], &pooled_[at(y * s + 1)], w, radius);
    box_columns(&pooled_[at(s + 1)], &(*plane)[at(s + 1)], column_sums_.data(), w, h, s, radius);
  }
  // From gradients to flow: along an edge free, across it little.
  for (int y = 1; y <= h; ++y)
    for (int x = 1; x <= w; ++x) {
      const auto p = at(y * s + x);
      const float a = level.xx[p] / total[p], b = level.xy[p] / total[p],
                  c = level.yy[p] / total[p];
      level.slope[p] = a + c;
      const float spare = options_.noise + options_.flatten * (a + c);
      const float norm = 1 / (a + c + 2 * spare);
      level.xx[p] = (c + spare) * norm;
      level.yy[p] = (a + spare) * norm;
      // Held so that no link's weight is below 0.
      const float most = .95F * std::min(level.xx[p], level.yy[p]);
      level.xy[p] = std::clamp(-b * norm, -most, most);
    }
}

void Diffuser::link(Level& level) const {
  const int w = level.width, h = level.height, s = level.stride;
  for (std::size_t i = 0; i < level.unknown.size(); ++i) {
    const int p = level.unknown[i];
    const int y = p / s, x = p % s;
    float* link = &level.links[i * 8];
    const auto mean = [&](const std::vector<float>& v, int q) { return v[at(p)] + v[at(q)]; };
    const auto straight = [&](const std::vector<float>& v, int q) {
      return std::max(0.F, mean(v, q) - std::abs(mean(level.xy, q)));
    };
    const bool left = x > 1, right = x<w, up = y> 1, down = y < h;
    link[0] = left ? straight(level.xx, p - 1) : 0;
    link[1] = right ? straight(level.xx, p + 1) : 0;
    link[2] = up ? straight(level.yy, p - s) : 0;
    link[3] = down ? straight(level.yy, p + s) : 0;
    link[4] = left && up ? std::max(0.F, mean(level.xy, p - s - 1)) : 0;
    link[5] = right && down ? std::max(0.F, mean(level.xy, p + s + 1)) : 0;
    link[6] = right && up ? std::max(0.F, -mean(level.xy, p - s + 1)) : 0;
    link[7] = left && down ? std::max(0.F, -mean(level.xy, p + s - 1)) : 0;
    const float seen = level.pull[i];
    const float pull = seen > 0 ? std::min(1.F, seen + level.slope[at(p)] / options_.ringing) : 0.F;
    float sum = pull;
    for (int k = 0; k < 8; ++k) sum += link[k];
    const float norm = sum > 0 ? 1 / sum : 0;
    for (int k = 0; k < 8; ++k) link[k] *= norm;
    level.own[i] *= pull * norm;
  }
}

void Diffuser::relax(Level& level) const {
  constexpr float over = 1.5F;  // successive over-relaxation
  const int s = level.stride;
  float* v = level.value.data();
  // The sample just written is added last, so that the next one waits for it as little as can be.
  const auto rest = [&](std::size_t i, int p) {
    const float* k = &level.links[i * 8];
    return level.own[i] + (k[2] * v[p - s] + k[3] * v[p + s]) +
           (k[4] * v[p - s - 1] + k[5] * v[p + s + 1]) +
           (k[6] * v[p - s + 1] + k[7] * v[p + s - 1]);
  };
  const std::size_t n = level.unknown.size();
  for (int sweep = 0; sweep < options_.sweeps; ++sweep) {
    if (sweep & 1) {
      for (std::size_t i = n; i-- > 0;) {
        const int p = level.unknown[i];
        const float* k = &level.links[i * 8];
        const float base = over * (rest(i, p) + k[0] * v[p - 1]) - (over - 1) * v[p];
        v[p] = base + over * k[1] * v[p + 1];
      }
    } else {
      for (std::size_t i = 0; i < n; ++i) {
        const int p = level.unknown[i];
        const float* k = &level.links[i * 8];
        const float base = over * (rest(i, p) + k[1] * v[p + 1]) - (over - 1) * v[p];
        v[p] = base + over * k[0] * v[p - 1];
      }
    }
  }
}

void Diffuser::run(std::span<float> picture) {
  if (!usable_) return;
  Level& finest = levels_.front();
  for (int y = 0; y < finest.height; ++y)
    std::copy_n(&picture[at(y * finest.width)], finest.width,
                &finest.value[at((y + 1) * finest.stride + 1)]);
  for (std::size_t i = 1; i < levels_.size(); ++i) restrict_from(levels_[i - 1], levels_[i]);
  for (std::size_t i = levels_.size(); i-- > 0;) {
    Level& level = levels_[i];
    for (std::size_t k = 0; k < level.unknown.size(); ++k)
      level.own[k] = level.value[at(level.unknown[k])];
    if (i + 1 < levels_.size()) extend_from(levels_[i + 1], level);
    guide(level);
    link(level);
    relax(level);
  }
  for (const int p : hole_) {
    const int y = p / finest.width, x = p % finest.width;
    picture[at(p)] = finest.value[at((y + 1) * finest.stride + x + 1)];
  }
}

}  // namespace cleanplate
