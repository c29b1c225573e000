#include "matte/bend.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {

constexpr int parts = 8;             // of the clip
constexpr std::size_t enough = 400;  // pairs of a frame
constexpr double least_levels = 4, least_errors = 5;
constexpr double least_variance = 100;  // of what passes behind a sample, for it to tell
constexpr float most_alpha = .9f;

/// Of difference = b·m + c·m² + what is the pair's own, m the pair's mean: both less what they are
/// over time, as a scene that stands still is not the same on both sides.
struct Sums {
  Eigen::Matrix2d normal = Eigen::Matrix2d::Zero();
  Eigen::Vector2d right = Eigen::Vector2d::Zero();
  double count = 0;

  void add(const Eigen::Vector2d& row, double difference) {
    normal += row * row.transpose();
    right += row * difference;
    count += 1;
  }
  [[nodiscard]] Sums less(const Sums& o) const {
    return {normal - o.normal, right - o.right, count - o.count};
  }
  [[nodiscard]] double square() const { return normal.ldlt().solve(right)(1); }
  [[nodiscard]] double variance() const { return normal(0, 0) / count; }
};

}  // namespace

bool Bend::surely() const { return levels > least_levels && levels > least_errors * error; }

Bend bend_of(const CropStack& seen, const Field& alpha, const Field& premultiplied,
             const std::vector<PairAcross>& across) {
  if (across.empty() || seen.frames() < 2 * parts) return {};
  std::vector<PairAcross> pairs;
  const std::size_t used = std::min(across.size(), enough);
  for (std::size_t k = 0; k < used; ++k) pairs.push_back(across[k * across.size() / used]);
  const double unit = std::ldexp(1, seen.format().bits - 8);
  std::erase_if(pairs, [&](const PairAcross& p) { return alpha.values[p.first] > most_alpha; });
  // A frame's pairs, m and the difference, in 8-bit levels round the middle.
  const auto measured = [&](const PairAcross& p, const std::uint16_t* samples) {
    const double a = static_cast<double>(alpha.values[p.first]);
    const double inside =
        (samples[p.first] - static_cast<double>(premultiplied.values[p.first])) / (1 - a) / unit;
    const double beside = samples[p.second] / unit;
    return std::pair((inside + beside) / 2 - 128, inside - beside);
  };
  struct Mean {
    Eigen::Vector2d row = Eigen::Vector2d::Zero();
    double difference = 0;
  };
  std::vector<Mean> means(pairs.size());
  const double each = 1. / seen.frames();
  for (int t = 0; t < seen.frames(); ++t)
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      const auto [m, difference] = measured(pairs[k], seen.samples(0, t));
      means[k].row += each * Eigen::Vector2d(m, m * m);
      means[k].difference += each * difference;
    }
  std::array<Sums, parts> sums;
  Sums whole;
  for (int t = 0; t < seen.frames(); ++t)
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      const auto [m, difference] = measured(pairs[k], seen.samples(0, t));
      const Eigen::Vector2d row = Eigen::Vector2d(m, m * m) - means[k].row;
      sums[static_cast<std::size_t>(t * parts / seen.frames())].add(
          row, difference - means[k].difference);
      whole.add(row, difference - means[k].difference);
    }
  if (whole.count < 100 || whole.variance() < least_variance) return {};
  const double c = whole.square(), reach = 4 * whole.variance();
  double spread = 0;
  for (const Sums& s : sums) {
    const double d = whole.less(s).square() - c;
    spread += d * d;
  }
  return {c * reach, std::sqrt(spread * (parts - 1) / parts) * reach};
}

}  // namespace cleanplate
