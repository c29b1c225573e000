#include "matte/bend.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <vector>

#include "matte/pairs_across.h"

namespace cleanplate {

namespace {

constexpr int parts = 8;             // of the clip
constexpr std::size_t enough = 400;  // pairs of a frame
constexpr double least_levels = 4, least_errors = 5;

/// Of difference = a + b·m + c·m², m the pair's mean.
struct Sums {
  Eigen::Matrix3d normal = Eigen::Matrix3d::Zero();
  Eigen::Vector3d right = Eigen::Vector3d::Zero();

  void add(double mean, double difference) {
    const Eigen::Vector3d row(1, mean, mean * mean);
    normal += row * row.transpose();
    right += row * difference;
  }
  [[nodiscard]] double square() const { return normal.ldlt().solve(right)(2); }
  [[nodiscard]] double variance() const {
    const double n = normal(0, 0), mean = normal(0, 1) / n;
    return normal(1, 1) / n - mean * mean;
  }
};

}  // namespace

bool Bend::surely() const { return levels > least_levels && levels > least_errors * error; }

Bend bend_of(const CropStack& seen, const Field& alpha, const Field& premultiplied) {
  const std::vector<PairAcross> all = pairs_across(alpha);
  if (all.empty() || seen.frames() < 2 * parts) return {};
  std::vector<PairAcross> pairs;
  for (std::size_t k = 0; k < std::min(all.size(), enough); ++k)
    pairs.push_back(all[k * all.size() / std::min(all.size(), enough)]);
  const double unit = std::ldexp(1, seen.format().bits - 8);
  std::array<Sums, parts> sums;
  for (int t = 0; t < seen.frames(); ++t) {
    const std::uint16_t* f = seen.samples(0, t);
    Sums& s = sums[static_cast<std::size_t>(t * parts / seen.frames())];
    for (const auto& [in, out] : pairs) {
      const double a = static_cast<double>(alpha.values[in]);
      if (a > .9) continue;
      const double inside =
          (f[in] - static_cast<double>(premultiplied.values[in])) / (1 - a) / unit;
      const double beside = f[out] / unit;
      s.add((inside + beside) / 2 - 128, inside - beside);
    }
  }
  Sums whole;
  for (const Sums& s : sums) whole.normal += s.normal, whole.right += s.right;
  if (whole.normal(0, 0) < 100) return {};
  const double variance = whole.variance();
  if (variance < 100) return {};  // nothing passed behind it that could tell
  double spread = 0;
  const double c = whole.square();
  for (const Sums& s : sums) {
    Sums without = whole;
    without.normal -= s.normal, without.right -= s.right;
    const double d = without.square() - c;
    spread += d * d;
  }
  return {c * 4 * variance, std::sqrt(spread * (parts - 1) / parts) * 4 * variance};
}

}  // namespace cleanplate
