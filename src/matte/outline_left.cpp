#include "matte/outline_left.h"

#include <algorithm>
#include <map>
#include <utility>

namespace cleanplate {

namespace {

/// In cells, so that texture averages out.
double jump2(const Field& picture, const std::vector<PairAcross>& pairs, std::size_t cell) {
  const auto columns = static_cast<std::size_t>(picture.width);
  std::map<std::pair<std::size_t, std::size_t>, std::pair<double, double>> cells;
  for (const auto& [in, out] : pairs) {
    auto& [sum, n] = cells[{in % columns / cell, in / columns / cell}];
    sum += static_cast<double>(picture.values[in] - picture.values[out]), n += 1;
  }
  double squares = 0;
  for (const auto& [where, s] : cells) squares += s.first * s.first / s.second;
  return pairs.empty() ? 0 : squares / static_cast<double>(pairs.size());
}

}  // namespace

OutlineLeft outline_left(const CropStack& seen, const CropStack& placebo, const Field& alpha,
                         const std::array<Field, 3>& premultiplied,
                         const std::vector<PairAcross>& across) {
  OutlineLeft out;
  const PixelFormat format = seen.format();
  for (int component = 0; component < format.components(); ++component) {
    const auto c = static_cast<std::size_t>(component);
    const int sx = component ? format.chroma_shift_x() : 0;
    const int sy = component ? format.chroma_shift_y() : 0;
    const Field covers = reduced(alpha, sx, sy), colour = reduced(premultiplied[c], sx, sy);
    const auto pairs = component ? pairs_across(covers) : across;
    if (pairs.empty()) continue;
    const Field as_seen = seen.mean(component);
    Field restored = as_seen;
    for (std::size_t i = 0; i < covers.size(); ++i)
      restored.values[i] =
          (as_seen.values[i] - colour.values[i]) / (1 - std::min(covers.values[i], .99f));
    double through = 0;
    for (const auto& [in, beside] : pairs) through += 1 - static_cast<double>(covers.values[in]);
    through /= static_cast<double>(pairs.size());
    const double dimmed2 = through * through;
    const Field elsewhere = laid_on(placebo.mean(component), {as_seen.width, as_seen.height});
    const std::size_t cell = component && sx ? 5 : 10;
    out.seen2[c] = jump2(as_seen, pairs, cell);
    out.restored2[c] = dimmed2 * jump2(restored, pairs, cell);
    out.scene2[c] = jump2(elsewhere, pairs, cell);
    out.chance2[c] = dimmed2 * out.scene2[c];
  }
  return out;
}

}  // namespace cleanplate
