#include "matte/hole_fill.h"

#include <algorithm>

namespace cleanplate {

namespace {
constexpr int relaxations = 24;
constexpr float over = 1.6f;  // successive over-relaxation, <2
}  // namespace

HoleFill::HoleFill(const Field& hole) {
  Level base{hole.width, hole.height, std::vector<float>(hole.size())};
  for (std::size_t i = 0; i < hole.size(); ++i) {
    base.weight[i] = hole.values[i] > 0 ? 0.f : 1.f;
    if (hole.values[i] <= 0) continue;
    const int at = static_cast<int>(i), w = hole.width, x = at % w, y = at / w;
    inside_.push_back({at, x > 0 ? at - 1 : at, x < w - 1 ? at + 1 : at, y > 0 ? at - w : at,
                       y < hole.height - 1 ? at + w : at});
  }
  levels_.push_back(std::move(base));
  while (levels_.back().width > 1 || levels_.back().height > 1) {
    const Level& fine = levels_.back();
    Level coarse{(fine.width + 1) / 2, (fine.height + 1) / 2, {}};
    coarse.weight.assign(static_cast<std::size_t>(coarse.width * coarse.height), 0.f);
    for (int y = 0; y < fine.height; ++y)
      for (int x = 0; x < fine.width; ++x)
        coarse.weight[static_cast<std::size_t>((y / 2) * coarse.width + x / 2)] +=
            fine.weight[static_cast<std::size_t>(y * fine.width + x)];
    for (float& w : coarse.weight) w = std::min(1.f, w);
    const bool whole =
        std::all_of(coarse.weight.begin(), coarse.weight.end(), [](float w) { return w >= 1.f; });
    levels_.push_back(std::move(coarse));
    if (whole) break;
  }
}

void HoleFill::operator()(std::span<Field> fields) const {
  if (inside_.empty()) return;
  for (std::size_t first = 0; first < fields.size(); first += lanes) {
    const std::size_t count = std::min(lanes, fields.size() - first);
    std::vector<Sample> together(fields[first].size(), Sample{});
    for (std::size_t k = 0; k < count; ++k)
      for (std::size_t i = 0; i < together.size(); ++i)
        together[i][k] = fields[first + k].values[i];
    fill(together);
    for (std::size_t k = 0; k < count; ++k)
      for (const Inside& s : inside_) {
        const auto i = static_cast<std::size_t>(s.at);
        fields[first + k].values[i] = together[i][k];
      }
  }
}

void HoleFill::fill(std::vector<Sample>& field) const {
  std::vector<std::vector<Sample>> pyramid(levels_.size());
  pyramid[0] = std::move(field);
  for (std::size_t l = 1; l < levels_.size(); ++l) {
    const Level &fine = levels_[l - 1], &coarse = levels_[l];
    std::vector<Sample> sum(coarse.weight.size(), Sample{});
    std::vector<float> weight(coarse.weight.size(), 0.f);
    for (int y = 0; y < fine.height; ++y)
      for (int x = 0; x < fine.width; ++x) {
        const auto f = static_cast<std::size_t>(y * fine.width + x);
        const auto c = static_cast<std::size_t>((y / 2) * coarse.width + x / 2);
        for (std::size_t k = 0; k < lanes; ++k) sum[c][k] += fine.weight[f] * pyramid[l - 1][f][k];
        weight[c] += fine.weight[f];
      }
    for (std::size_t i = 0; i < sum.size(); ++i)
      for (std::size_t k = 0; k < lanes; ++k)
        sum[i][k] = weight[i] > 0 ? sum[i][k] / weight[i] : 0.f;
    pyramid[l] = std::move(sum);
  }
  for (std::size_t l = levels_.size() - 1; l-- > 0;) {
    const Level &fine = levels_[l], &coarse = levels_[l + 1];
    const auto up = [&](int x, int y) -> const Sample& {
      return pyramid[l + 1][static_cast<std::size_t>(
          std::clamp(y, 0, coarse.height - 1) * coarse.width + std::clamp(x, 0, coarse.width - 1))];
    };
    for (int y = 0; y < fine.height; ++y)
      for (int x = 0; x < fine.width; ++x) {
        const auto f = static_cast<std::size_t>(y * fine.width + x);
        const float w = fine.weight[f];
        if (w >= 1.f) continue;
        const int cx = x / 2, cy = y / 2, nx = x & 1 ? cx + 1 : cx - 1,
                  ny = y & 1 ? cy + 1 : cy - 1;
        const Sample &near = up(cx, cy), &beside = up(nx, cy), &below = up(cx, ny),
                     &across = up(nx, ny);
        Sample& to = pyramid[l][f];
        for (std::size_t k = 0; k < lanes; ++k)
          to[k] = w * to[k] + (1 - w) * (.5625f * near[k] + .1875f * beside[k] + .1875f * below[k] +
                                         .0625f * across[k]);
      }
  }
  field = std::move(pyramid[0]);
  Sample* v = field.data();
  for (int pass = 0; pass < relaxations; ++pass)
    for (const Inside& s : inside_) {
      // All lanes before one is written, so that the compiler makes vectors of them.
      Sample next;
      for (std::size_t k = 0; k < lanes; ++k) {
        const float around = .25f * ((v[s.right][k] + v[s.up][k] + v[s.down][k]) + v[s.left][k]);
        next[k] = v[s.at][k] + over * (around - v[s.at][k]);
      }
      v[s.at] = next;
    }
}

}  // namespace cleanplate
