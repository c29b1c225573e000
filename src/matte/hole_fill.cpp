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

void HoleFill::operator()(Field& field) const {
  if (inside_.empty()) return;
  std::vector<std::vector<float>> pyramid(levels_.size());
  pyramid[0] = field.values;
  for (std::size_t l = 1; l < levels_.size(); ++l) {
    const Level &fine = levels_[l - 1], &coarse = levels_[l];
    std::vector<float> sum(coarse.weight.size(), 0.f), weight(coarse.weight.size(), 0.f);
    for (int y = 0; y < fine.height; ++y)
      for (int x = 0; x < fine.width; ++x) {
        const auto f = static_cast<std::size_t>(y * fine.width + x);
        const auto c = static_cast<std::size_t>((y / 2) * coarse.width + x / 2);
        sum[c] += fine.weight[f] * pyramid[l - 1][f];
        weight[c] += fine.weight[f];
      }
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = weight[i] > 0 ? sum[i] / weight[i] : 0.f;
    pyramid[l] = std::move(sum);
  }
  for (std::size_t l = levels_.size() - 1; l-- > 0;) {
    const Level &fine = levels_[l], &coarse = levels_[l + 1];
    Field up(coarse.width, coarse.height);
    up.values = pyramid[l + 1];
    for (int y = 0; y < fine.height; ++y)
      for (int x = 0; x < fine.width; ++x) {
        const auto f = static_cast<std::size_t>(y * fine.width + x);
        const float w = fine.weight[f];
        if (w >= 1.f) continue;
        const int cx = x / 2, cy = y / 2, nx = x & 1 ? cx + 1 : cx - 1,
                  ny = y & 1 ? cy + 1 : cy - 1;
        const float value = .5625f * up.at(cx, cy) + .1875f * up.clamped(nx, cy) +
                            .1875f * up.clamped(cx, ny) + .0625f * up.clamped(nx, ny);
        pyramid[l][f] = w * pyramid[l][f] + (1 - w) * value;
      }
  }
  field.values = std::move(pyramid[0]);
  float* v = field.values.data();
  for (int pass = 0; pass < relaxations; ++pass)
    for (const Inside& s : inside_) {
      const float around = .25f * ((v[s.right] + v[s.up] + v[s.down]) + v[s.left]);
      v[s.at] += over * (around - v[s.at]);
    }
}

}  // namespace cleanplate
