#include "inpaint/propagate_motion.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {
constexpr int least_side = 16;     ///< samples; no halving below
constexpr int search_reach = 5;    ///< samples of the coarsest size
constexpr double lost_error = 10;  ///< median difference at the coarsest size, 8-bit code values;
                                   ///< above, two frames do not show the same

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// From a motion at one size to that at twice the size (sample centres at whole numbers).
Motion doubled(const Motion& a) {
  Motion b = a;
  b.m[0] = 2 * a.m[0] + .5 * (1 - a.m[1] - a.m[2]);
  b.m[3] = 2 * a.m[3] + .5 * (1 - a.m[4] - a.m[5]);
  return b;
}
}  // namespace

Motion Motion::then(const Motion& next) const {
  const auto& n = next.m;
  return {{n[0] + n[1] * m[0] + n[2] * m[3], n[1] * m[1] + n[2] * m[4], n[1] * m[2] + n[2] * m[5],
           n[3] + n[4] * m[0] + n[5] * m[3], n[4] * m[1] + n[5] * m[4], n[4] * m[2] + n[5] * m[5]}};
}

Motion Motion::inverse() const {
  const double det = m[1] * m[5] - m[2] * m[4];
  const double a = m[5] / det, b = -m[2] / det, c = -m[4] / det, d = m[1] / det;
  return {{-(a * m[0] + b * m[3]), a, b, -(c * m[0] + d * m[3]), c, d}};
}

Motion Motion::on_grid(int shift_x, int shift_y) const {
  const double ax = 1 << shift_x, ay = 1 << shift_y;
  const Motion up{{.5 * ax - .5, ax, 0, .5 * ay - .5, 0, ay}};
  return up.then(*this).then(up.inverse());
}

MotionFinder::MotionFinder(const HoleMask& hole, float scale) : scale_(scale) {
  Level level{hole.width, hole.height, std::vector<std::uint8_t>(hole.values.size())};
  // One sample round the hole is left out too: the overlay's compression reaches there.
  for (int y = 0; y < level.height; ++y)
    for (int x = 0; x < level.width; ++x) {
      bool known = true;
      for (int v = std::max(0, y - 1); v <= std::min(level.height - 1, y + 1); ++v)
        for (int u = std::max(0, x - 1); u <= std::min(level.width - 1, x + 1); ++u)
          known = known && !hole.values[at(v * level.width + u)];
      level.known[at(y * level.width + x)] = known;
    }
  levels_.push_back(std::move(level));
  while (levels_.size() < 4 &&
         std::min(levels_.back().width, levels_.back().height) >= 2 * least_side) {
    const Level& fine = levels_.back();
    Level half{fine.width / 2, fine.height / 2, {}};
    for (int y = 0; y < half.height; ++y)
      for (int x = 0; x < half.width; ++x) {
        const int p = 2 * y * fine.width + 2 * x;
        half.known.push_back(fine.known[at(p)] && fine.known[at(p + 1)] &&
                             fine.known[at(p + fine.width)] && fine.known[at(p + fine.width + 1)]);
      }
    levels_.push_back(std::move(half));
  }
}

PicturePyramid MotionFinder::pyramid(const CropPlane& luma) const {
  PicturePyramid out;
  const float unit = 1 / scale_;
  out.emplace_back(luma.samples.size());
  for (std::size_t i = 0; i < luma.samples.size(); ++i)
    out[0][i] = static_cast<float>(luma.samples[i]) * unit;
  for (std::size_t l = 1; l < levels_.size(); ++l) {
    const int w = levels_[l].width, h = levels_[l].height, s = levels_[l - 1].width;
    std::vector<float> half(at(w * h));
    const float* fine = out.back().data();
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        const float* p = fine + 2 * y * s + 2 * x;
        half[at(y * w + x)] = .25F * (p[0] + p[1] + p[s] + p[s + 1]);
      }
    out.push_back(std::move(half));
  }
  return out;
}

void MotionFinder::search(const Level& level, std::span<const float> from,
                          std::span<const float> to, const Motion& expected, Motion& motion) const {
  double best = 0;
  int bx = 0, by = 0;
  const auto cost = [&](int dx, int dy) {
    double sum = 0;
    int seen = 0, all = 0;
    for (int y = 0; y < level.height; ++y)
      for (int x = 0; x < level.width; ++x) {
        const int p = y * level.width + x;
        if (!level.known[at(p)]) continue;
        ++all;
        const int u = x + dx, v = y + dy;
        if (u < 0 || v < 0 || u >= level.width || v >= level.height) continue;
        const int q = v * level.width + u;
        if (!level.known[at(q)]) continue;
        sum += std::min(std::abs(from[at(p)] - to[at(q)]), 30.F);
        ++seen;
      }
    return seen * 3 < all ? 1e9 : (sum + 1) / std::max(seen, 1);
  };
  best = .9 * cost(0, 0);  // a flat place stands still
  const int reach_x = std::min(search_reach, level.width / 4);
  const int reach_y = std::min(search_reach, level.height / 4);
  const auto look_round = [&](int x, int y) {
    for (int dy = y - reach_y; dy <= y + reach_y; ++dy)
      for (int dx = x - reach_x; dx <= x + reach_x; ++dx) {
        if (dx == 0 && dy == 0) continue;
        if (const double c = cost(dx, dy); c < best) best = c, bx = dx, by = dy;
      }
  };
  look_round(0, 0);
  const double cx = .5 * level.width, cy = .5 * level.height;
  const auto ex = static_cast<int>(std::lround(expected.x(cx, cy) - cx)),
             ey = static_cast<int>(std::lround(expected.y(cx, cy) - cy));
  if (std::abs(ex) > reach_x || std::abs(ey) > reach_y) look_round(ex, ey);
  motion = {};
  motion.m[0] = bx;
  motion.m[3] = by;
}

double MotionFinder::refine(const Level& level, std::span<const float> from,
                            std::span<const float> to, int step, bool affine, int rounds,
                            Motion& motion) const {
  const int w = level.width, h = level.height;
  const int n = affine ? 6 : 2;
  const double half = .5 * std::max(w, h), cx = .5 * (w - 1), cy = .5 * (h - 1);
  double error = 0;
  double spread = 8;  // of the residual, for the robust weights; follows the data down
  for (int round = 0; round < rounds; ++round) {
    Eigen::Matrix<double, 6, 6> a = Eigen::Matrix<double, 6, 6>::Zero();
    Eigen::Matrix<double, 6, 1> b = Eigen::Matrix<double, 6, 1>::Zero();
    double weights = 0, total = 0;
    int count = 0;
    for (int y = 1; y < h - 1; y += step)
      for (int x = 1; x < w - 1; x += step) {
        const int p = y * w + x;
        if (!level.known[at(p)]) continue;
        const double qx = motion.x(x, y), qy = motion.y(x, y);
        if (!(qx >= 0 && qy >= 0 && qx < w - 1 && qy < h - 1)) continue;
        const int u = static_cast<int>(qx), v = static_cast<int>(qy), q = v * w + u;
        if (!level.known[at(q)] || !level.known[at(q + w + 1)] || !level.known[at(q + 1)] ||
            !level.known[at(q + w)])
          continue;
        const double fx = qx - u, fy = qy - v;
        const double top = to[at(q)] + fx * (to[at(q + 1)] - to[at(q)]);
        const double low = to[at(q + w)] + fx * (to[at(q + w + 1)] - to[at(q + w)]);
        const double r = top + fy * (low - top) - from[at(p)];
        const double s = 1 / (1 + r * r / (spread * spread));
        const double weight = s * s;
        weights += weight;
        total += s * r * r;
        ++count;
        const double gx = .5 * (from[at(p + 1)] - from[at(p - 1)]);
        const double gy = .5 * (from[at(p + w)] - from[at(p - w)]);
        const double rx = (x - cx) / half, ry = (y - cy) / half;
        const std::array<double, 6> j{gx, gy, gx * rx, gx * ry, gy * rx, gy * ry};
        for (int k = 0; k < n; ++k) {
          b(k) -= weight * r * j[at(k)];
          for (int l = 0; l <= k; ++l) a(k, l) += weight * j[at(k)] * j[at(l)];
        }
      }
    if (count < 32) return 1e9;
    error = std::sqrt(total / count);
    spread = std::clamp(1.5 * error, 2., 8.);
    // What the picture does not tell (flat, or stripes) stays as it was.
    for (int k = 0; k < 6; ++k) a(k, k) += k < n ? .02 * weights + 1e-6 : 1;
    const Eigen::Matrix<double, 6, 6> full = a.selfadjointView<Eigen::Lower>();
    const Eigen::Matrix<double, 6, 1> d = full.ldlt().solve(b);
    // The change is made in the first frame's places, then the motion so far is taken.
    Motion change;
    if (affine) {
      change.m[1] += d(2) / half;
      change.m[2] = d(3) / half;
      change.m[4] = d(4) / half;
      change.m[5] += d(5) / half;
    }
    change.m[0] = d(0) + cx - change.m[1] * cx - change.m[2] * cy;
    change.m[3] = d(1) + cy - change.m[4] * cx - change.m[5] * cy;
    motion = change.then(motion);
    if (std::abs(d(0)) + std::abs(d(1)) +
            .5 * (std::abs(d(2)) + std::abs(d(3)) + std::abs(d(4)) + std::abs(d(5))) <
        .01)
      break;
  }
  return error;
}

double MotionFinder::difference(const Level& level, std::span<const float> from,
                                std::span<const float> to, const Motion& motion) {
  constexpr float bins_a_level = 4;
  std::array<int, 256> counts{};  // the last one has all that is further apart
  int all = 0;
  for (int y = 0; y < level.height; ++y)
    for (int x = 0; x < level.width; ++x) {
      const auto u = std::lround(motion.x(x, y)), v = std::lround(motion.y(x, y));
      if (u < 0 || v < 0 || u >= level.width || v >= level.height) continue;
      const std::size_t p = at(y * level.width + x),
                        q = static_cast<std::size_t>(v * level.width + u);
      if (!level.known[p] || !level.known[q]) continue;
      const float apart = std::min(bins_a_level * std::abs(from[p] - to[q]), 255.F);
      ++counts[static_cast<std::size_t>(apart)];
      ++all;
    }
  std::size_t bin = 0;
  for (int below = counts[0]; below <= all / 2 && bin + 1 < counts.size();) below += counts[++bin];
  return all > 0 ? static_cast<double>(static_cast<float>(bin) / bins_a_level) : 0;
}

bool MotionFinder::find(const PicturePyramid& from, const PicturePyramid& to, Motion& motion,
                        const Motion& expected) const {
  const std::size_t top = levels_.size() - 1;
  const double size = std::ldexp(1, static_cast<int>(top));
  Motion small = expected;
  small.m[0] /= size, small.m[3] /= size;
  search(levels_[top], from[top], to[top], small, motion);
  double error = 0;
  for (std::size_t l = levels_.size(); l-- > 0;) {
    if (l < top) motion = doubled(motion);
    const bool affine = l <= 1 && std::min(levels_[l].width, levels_[l].height) >= least_side;
    error = refine(levels_[l], from[l], to[l],
                   l == 0   ? 3
                   : l == 1 ? 2
                            : 1,
                   affine, l == 0 ? 3 : 6, motion);
    if (error > 1e8) return false;
    // The robust error tells nothing: of what does not match at all it is no larger.
    if (l == top && difference(levels_[l], from[l], to[l], motion) > lost_error) return false;
  }
  const double det = motion.m[1] * motion.m[5] - motion.m[2] * motion.m[4];
  return det > .5 && det < 2;
}

}  // namespace cleanplate
