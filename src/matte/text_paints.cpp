#include "matte/text_paints.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "frame/field.h"

namespace cleanplate {

namespace {

constexpr int lumas = 32, chromas = 16;  // bins of a colour's components
constexpr double foreign = 4;            // times as common in the place as round it
constexpr double chance = .002;          // share of samples that a colour has anywhere
constexpr double least_share = .003;     // of the place, that is a paint
constexpr double most_share = .35;       // more is no text
constexpr double blurred = .3;           // of how common it is, that it may be round the place
constexpr std::size_t most_paints = 5, tries = 12;
constexpr float core_luma = 10, core_chroma = 20, reach_chroma = 36;  // levels off a paint
constexpr std::array<float, 3> reach_luma{22, 16, 11};
constexpr double least_contrast = 45;  // levels against what is beside a stroke
constexpr double thin = 1. / 8;        // of the text's height: half a stroke
constexpr double noise = 3;            // levels from frame to frame, that coding changes a paint by
constexpr double through = .2;         // of the change round the place, that no paint shows
constexpr double mixed = 24;           // levels off the line between two paints
constexpr float outline_contrast = 110;  // levels; less is what a stroke's edge is mixed to
constexpr double goes_with = .8;         // of a paint's samples, that have another one beside them

using Set = std::vector<std::uint8_t>;
using Pictures = std::vector<LevelPicture>;

/// How common colours are in the place, and round it.
class Colours {
 public:
  Colours(const Pictures& seen, const Set& inside) : in_(bins), out_(bins), score_(bins) {
    for (const LevelPicture& p : seen)
      for (std::size_t i = 0; i < p.size(); ++i) {
        (inside[i] ? in_
                   : out_)[bin(p.planes[0][i] >> 3, p.planes[1][i] >> 4, p.planes[2][i] >> 4)] += 1;
        (inside[i] ? inside_ : outside_) += 1;
      }
    for (int y = 0; y < lumas; ++y)
      for (int u = 0; u < chromas; ++u)
        for (int v = 0; v < chromas; ++v) {
          const auto [in, out] = shares({y - 1, y + 1}, {u - 1, u + 1}, {v - 1, v + 1});
          if (in >= least_share) score_[bin(y, u, v)] = in / (out + chance);
        }
  }
  /// The most foreign colour of those not given yet, nor like one that was left out.
  std::optional<TextPaint> next() {
    const auto best = std::max_element(score_.begin(), score_.end());
    if (*best < foreign) return std::nullopt;
    *best = 0;
    const auto at = static_cast<int>(best - score_.begin());
    const int y = at / (chromas * chromas), u = at / chromas % chromas, v = at % chromas;
    return TextPaint{{static_cast<float>(8 * y + 4), static_cast<float>(16 * u + 8),
                      static_cast<float>(16 * v + 8)},
                     core_luma,
                     core_chroma};
  }
  void leave_out(const TextPaint& paint) {
    const auto [y, u, v] = near(paint);
    each(y, u, v, [&](std::size_t b) { score_[b] = 0; });
  }
  /// Shares of the place, and of what is round it, that have a paint.
  [[nodiscard]] std::pair<double, double> common(const TextPaint& paint) const {
    const auto [y, u, v] = near(paint);
    return shares(y, u, v);
  }

 private:
  static constexpr std::size_t bins = std::size_t{lumas} * chromas * chromas;
  struct Range {
    int from, to;
  };
  static std::size_t bin(int y, int u, int v) {
    return static_cast<std::size_t>((y * chromas + u) * chromas + v);
  }
  template <class Use>
  static void each(Range y, Range u, Range v, Use&& use) {
    for (int a = std::max(0, y.from); a <= std::min(lumas - 1, y.to); ++a)
      for (int b = std::max(0, u.from); b <= std::min(chromas - 1, u.to); ++b)
        for (int c = std::max(0, v.from); c <= std::min(chromas - 1, v.to); ++c) use(bin(a, b, c));
  }
  static std::array<Range, 3> near(const TextPaint& p) {
    const auto range = [](float value, float off, int width) {
      return Range{static_cast<int>(value - off) / width, static_cast<int>(value + off) / width};
    };
    return {range(p.colour[0], p.luma, 8), range(p.colour[1], p.chroma, 16),
            range(p.colour[2], p.chroma, 16)};
  }
  [[nodiscard]] std::pair<double, double> shares(Range y, Range u, Range v) const {
    double in = 0, out = 0;
    each(y, u, v, [&](std::size_t b) { in += in_[b], out += out_[b]; });
    return {in / std::max(1., inside_), out / std::max(1., outside_)};
  }
  std::vector<double> in_, out_, score_;
  double inside_ = 0, outside_ = 0;
};

/// The mean colour of what a paint has in the place.
void settle(TextPaint& paint, const Pictures& seen, const Set& inside) {
  std::array<double, 3> sum{};
  double n = 0;
  for (const LevelPicture& p : seen)
    for (std::size_t i = 0; i < p.size(); ++i)
      if (inside[i] && p.has(i, paint)) {
        for (std::size_t c = 0; c < 3; ++c) sum[c] += p.planes[c][i];
        n += 1;
      }
  for (std::size_t c = 0; n > 0 && c < 3; ++c) paint.colour[c] = static_cast<float>(sum[c] / n);
}

/// Samples at strokes' edges are mixed of two paints.
bool mixture(const TextPaint& paint, const std::vector<TextPaint>& of) {
  const auto apart = [](const TextPaint& a, const TextPaint& b) {
    std::array<double, 3> out{};
    for (std::size_t c = 0; c < 3; ++c) out[c] = double{b.colour[c]} - double{a.colour[c]};
    return out;
  };
  const auto product = [](const std::array<double, 3>& a, const std::array<double, 3>& b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  };
  for (std::size_t a = 0; a < of.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) {
      const auto way = apart(of[a], of[b]);
      auto off = apart(of[a], paint);
      const double at = product(off, way) / std::max(1., product(way, way));
      for (std::size_t c = 0; c < 3; ++c) off[c] -= at * way[c];
      if (at > 0 && at < 1 && product(off, off) < mixed * mixed) return true;
    }
  return false;
}

/// Whether what has a paint changes with the scene that it lies before.
bool shows_scene(const TextPaint& paint, const Pictures& seen, const Set& inside) {
  TextPaint half = paint;
  half.luma = paint.luma / 2;
  double painted = 0, n = 0, around = 0, all = 0;
  for (std::size_t t = 1; t < seen.size(); ++t)
    for (std::size_t i = 0; i < inside.size(); ++i) {
      const double change = std::abs(seen[t].planes[0][i] - seen[t - 1].planes[0][i]);
      if (!inside[i])
        around += change, all += 1;
      else if (seen[t - 1].has(i, half) && seen[t].has(i, paint))
        painted += change, n += 1;
    }
  return painted > std::max(noise, through * around / std::max(1., all)) * n;
}

/// Whether a paint lies in thin strokes that stand out from what is beside them; how thin.
bool in_strokes(TextPaint& paint, const Pictures& seen, const Set& inside, int height) {
  constexpr int far = 30;
  std::vector<float> depth;
  double contrast = 0, beside = 0;
  for (const LevelPicture& p : seen) {
    Set bare(p.size()), painted(p.size());
    for (std::size_t i = 0; i < p.size(); ++i) painted[i] = p.has(i, paint), bare[i] = !painted[i];
    const Set deep = distances(bare, p.width, far), away = distances(painted, p.width, far);
    for (std::size_t i = 0; i < p.size(); ++i) {
      if (!inside[i]) continue;
      if (painted[i]) depth.push_back(deep[i]);
      if (away[i] != 2 && away[i] != 3) continue;
      const auto off = [&](std::size_t c) {
        return std::abs(double{paint.colour[c]} - static_cast<double>(p.planes[c][i]));
      };
      contrast += off(0) + .5 * (off(1) + off(2)), beside += 1;
    }
  }
  const double most = std::max(3., thin * height);
  if (depth.empty() || contrast < least_contrast * beside) return false;
  if (double{quantile(depth, .9)} > most) return false;
  paint.stroke =
      static_cast<int>(std::ceil(std::min(most, double{quantile(std::move(depth), .98)}))) + 1;
  return true;
}

}  // namespace

std::vector<TextPaint> text_paints(const Pictures& seen, const Set& inside, int height) {
  Colours colours(seen, inside);
  std::vector<TextPaint> paints;
  for (std::size_t k = 0; k < tries && paints.size() < most_paints; ++k) {
    std::optional<TextPaint> paint = colours.next();
    if (!paint) break;
    settle(*paint, seen, inside);
    paint->chroma = reach_chroma;
    const bool fits = std::any_of(reach_luma.begin(), reach_luma.end(), [&](float luma) {
      paint->luma = luma;
      const auto [in, out] = colours.common(*paint);
      return in < most_share && out < blurred * in;
    });
    if (fits && !shows_scene(*paint, seen, inside) && !mixture(*paint, paints) &&
        in_strokes(*paint, seen, inside, height))
      paints.push_back(*paint);
    colours.leave_out(*paint);
  }
  return paints;
}

void pair_up(std::vector<TextPaint>& paints, const Pictures& seen, const Set& inside) {
  constexpr int far = 30;
  const std::size_t n = paints.size();
  std::vector<double> all(n), with(n * n);
  for (const LevelPicture& p : seen) {
    std::vector<Set> strokes, away;
    for (const TextPaint& paint : paints) {
      strokes.push_back(strokes_of(p, paint));
      away.push_back(distances(strokes.back(), p.width, far));
    }
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t i = 0; i < inside.size(); ++i) {
        if (!inside[i] || !strokes[a][i]) continue;
        all[a] += 1;
        for (std::size_t b = 0; b < n; ++b) with[a * n + b] += away[b][i] <= beside(paints[a]);
      }
  }
  for (std::size_t a = 0; a < n; ++a) {
    double most = goes_with * all[a];
    for (std::size_t b = 0; b < n; ++b)
      if (with[a * n + b] > most &&
          std::abs(paints[a].colour[0] - paints[b].colour[0]) > outline_contrast)
        most = with[a * n + b], paints[a].with = static_cast<int>(b);
  }
}

}  // namespace cleanplate
