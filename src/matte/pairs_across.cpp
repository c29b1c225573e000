#include "matte/pairs_across.h"

#include <algorithm>

namespace cleanplate {

std::vector<PairAcross> pairs_across(const Field& alpha) {
  constexpr int near = 5;
  const float solid = .6f * *std::max_element(alpha.values.begin(), alpha.values.end());
  std::vector<PairAcross> out;
  for (int y = 0; y < alpha.height; ++y)
    for (int x = 0; x < alpha.width; ++x) {
      if (alpha.at(x, y) <= 0 || alpha.at(x, y) < solid) continue;
      int best = near * near + 1;
      std::size_t other = 0;
      for (int j = std::max(0, y - near); j <= std::min(alpha.height - 1, y + near); ++j)
        for (int i = std::max(0, x - near); i <= std::min(alpha.width - 1, x + near); ++i) {
          const int distance = (i - x) * (i - x) + (j - y) * (j - y);
          if (distance >= best || alpha.at(i, j) > 0) continue;
          best = distance, other = alpha.index(i, j);
        }
      if (best <= near * near) out.emplace_back(alpha.index(x, y), other);
    }
  return out;
}

}  // namespace cleanplate
