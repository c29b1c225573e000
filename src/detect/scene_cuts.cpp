#include "detect/scene_cuts.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "frame/read_samples.h"

namespace cleanplate {

namespace {
constexpr int columns = 64, rows = 36;  // of the samples that are compared
constexpr float least_change = 8;       // levels
constexpr std::size_t near = 8;         // frames before and after, whose change is usual
constexpr int cell = 4;                 // of a thumbnail, in these samples
constexpr double alike = .25;           // of what is otherwise apart, for two scenes to be one
constexpr double least_apart = 1;       // levels
}  // namespace

void SceneCuts::add(const Frame& frame) {
  const Size size = frame.size();
  const float unit = 1.f / static_cast<float>(1 << (frame.format().bits - 8));
  Field now(columns, rows);
  std::vector<std::uint16_t> row(static_cast<std::size_t>(size.width));
  for (int y = 0; y < rows; ++y) {
    read_samples(frame, 0, {0, (2 * y + 1) * size.height / (2 * rows), size.width, 1}, row.data());
    for (int x = 0; x < columns; ++x) {
      const int from = x * size.width / columns,
                to = std::max(from + 1, (x + 1) * size.width / columns);
      float sum = 0;
      for (int i = from; i < to; ++i) sum += static_cast<float>(row[static_cast<std::size_t>(i)]);
      now.at(x, y) = unit * sum / static_cast<float>(to - from);
    }
  }
  float change = 0;
  for (std::size_t i = 0; i < before_.size(); ++i)
    change += std::fabs(now.values[i] - before_.values[i]);
  change_.push_back(change / static_cast<float>(now.size()));
  Thumbnail& small = thumbnails_.emplace_back();
  for (int k = 0; k < std::ssize(small); ++k) {
    const int x0 = k % (columns / cell) * cell, y0 = k / (columns / cell) * cell;
    float sum = 0;
    for (int y = y0; y < y0 + cell; ++y)
      for (int x = x0; x < x0 + cell; ++x) sum += now.at(x, y);
    small[static_cast<std::size_t>(k)] =
        static_cast<std::uint8_t>(std::lround(sum / (cell * cell)));
  }
  before_ = std::move(now);
}

std::vector<bool> SceneCuts::cuts() const {
  std::vector<bool> cut(change_.size(), false);
  for (std::size_t n = 1; n < change_.size(); ++n) {
    std::vector<float> usual;
    for (std::size_t k = n > near ? n - near : 1; k < std::min(change_.size(), n + near + 1); ++k)
      if (k != n) usual.push_back(change_[k]);
    cut[n] = change_[n] > least_change && change_[n] > 3 * quantile(usual, .5);
  }
  return cut;
}

double SceneCuts::apart(std::size_t m, std::size_t n) const {
  int sum = 0;
  for (std::size_t k = 0; k < thumbnails_[m].size(); ++k)
    sum += std::abs(thumbnails_[m][k] - thumbnails_[n][k]);
  return sum / static_cast<double>(thumbnails_[m].size());
}

std::vector<std::size_t> SceneCuts::returns() const {
  const std::vector<bool> cut = cuts();
  std::vector<std::size_t> out;
  for (std::size_t n = 0; n < cut.size(); ++n) {
    out.push_back(n);
    double least = cut[n] ? alike * apart(n - 1, n) : 0;
    for (std::size_t m = 0; cut[n] && m + 1 < n; ++m)
      if (const double d = apart(m, n); d < least) least = d, out[n] = m;
  }
  return out;
}

bool SceneCuts::same(std::size_t m, std::size_t n) const { return apart(m, n) < least_apart; }

bool SceneCuts::comes_again(std::size_t m, std::size_t n) const {
  constexpr std::size_t most = 32;  // frames that are looked at
  std::vector<float> between;
  for (std::size_t k = m; k < n; k += 1 + (n - m) / most)
    between.push_back(static_cast<float>(apart(m, k)));
  const auto usual = static_cast<double>(quantile(between, .5));
  return usual > least_apart && apart(m, n) < alike * usual;
}

}  // namespace cleanplate
