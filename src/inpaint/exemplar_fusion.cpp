#include "inpaint/exemplar_fusion.h"

#include <algorithm>
#include <cmath>

#include "inpaint/hole_depth.h"

namespace cleanplate {

namespace {
constexpr int cell = 16;            ///< luma samples to a side where texture is measured
constexpr int spoilt = 2;           ///< samples round the hole that compression spoils
constexpr float flat = 1.2F;        ///< 8-bit code values: less is noise, not texture
constexpr float clear = 2;          ///< times that: from here on it is texture for sure
constexpr float strength = .6F;     ///< of what the source has: looks right, and costs little PSNR
constexpr float most = 5;           ///< usual deviations that a detail comes near
constexpr float tone = 4;           ///< 8-bit code values: this far off is no other tone
constexpr float chroma = 2;         ///< of the tone, counts so much more than luma
constexpr float rim = 1, deep = 8;  ///< luma samples: no texture is missing; all is
constexpr float some = .5F, all = .9F;  ///< shares of the spatial fill, likewise
constexpr float screen = 1 / 16.F;      ///< 1 / samples²: details are finer than 4 samples
constexpr int sweeps = 16;

std::size_t at(int i) { return static_cast<std::size_t>(i); }
}  // namespace

ExemplarFusion::ExemplarFusion(PixelFormat format, const HoleMasks& holes)
    : scale_(static_cast<float>(1 << (format.bits - 8))),
      max_value_(format.max_value()),
      steps_wide_((holes[0].width + 1) / 2),
      places_wide_((holes[0].width + PassingFinder::unit - 1) / PassingFinder::unit) {
  for (int c = 0; c < format.components(); ++c) {
    const HoleMask& hole = holes[at(c)];
    Plane& p = planes_[at(c)];
    p.width = hole.width;
    p.height = hole.height;
    p.shift_x = c ? format.chroma_shift_x() : 0;
    p.shift_y = c ? format.chroma_shift_y() : 0;
    p.noise = (c ? flat / 2 : flat) * scale_;
    const int w = p.width, h = p.height, far = (c ? spoilt / 2 : spoilt) + 1;
    p.known.assign(hole.values.size(), 1);
    std::vector<int> number(hole.values.size(), outside);
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        if (x == 0 || y == 0 || x == w - 1 || y == h - 1) p.known[at(y * w + x)] = 0;
        if (!hole.values[at(y * w + x)]) continue;
        number[at(y * w + x)] = static_cast<int>(p.holes.size());
        p.holes.push_back(y * w + x);
        for (int v = std::max(0, y - far); v <= std::min(h - 1, y + far); ++v)
          for (int u = std::max(0, x - far); u <= std::min(w - 1, x + far); ++u)
            p.known[at(v * w + u)] = 0;
      }
    const std::vector<float> depths = hole_depths(hole);
    for (const int i : p.holes) {
      const float depth = depths[at(i)] * static_cast<float>(1 << p.shift_x);
      p.inside.push_back(std::clamp((depth - rim) / (deep - rim), 0.F, 1.F));
      const int x = i % w, y = i / w;
      p.beside.push_back(
          {x > 0 ? number[at(i - 1)] : absent, x < w - 1 ? number[at(i + 1)] : absent,
           y > 0 ? number[at(i - w)] : absent, y < h - 1 ? number[at(i + w)] : absent});
    }
    p.pull.resize(p.holes.size());
    p.detail.resize(p.holes.size());
    if (hole.width)
      p.strength = TextureStrength(hole, std::max(4, cell >> std::max(p.shift_x, p.shift_y)));
  }
}

bool ExemplarFusion::textured(const CropPlane& luma) {
  return planes_[0].strength.measure(luma) > planes_[0].noise;
}

bool ExemplarFusion::wanted(std::span<const float> share) {
  return std::any_of(share.begin(), share.end(), [](float s) { return s > some; });
}

float ExemplarFusion::Plane::off(const CropPlane& samples, std::size_t hole, int place) const {
  const std::uint16_t* s = &samples.samples[at(place)];
  const std::array<int, 4> next{-1, 1, -width, width};
  int sum = 0;
  for (std::size_t k = 0; k < 4; ++k)
    if (beside[hole][k] != absent) sum += s[0] - s[next[k]];
  return static_cast<float>(sum);
}

/// 0…1: what is restless and of another tone than the fill is somebody who passes slowly.
float ExemplarFusion::fit(const ExemplarPlaces& places, std::size_t here, std::size_t there,
                          float usual) const {
  const float restless = places.restless[there];
  if (!(restless > 0)) return 1;
  float other = 0;
  for (std::size_t c = 0; c < 3; ++c)
    if (!places.seen[c].empty())
      other += (c ? chroma : 1) * std::abs(places.seen[c][there] - places.filled[c][here]);
  return 1 - restless * std::clamp(other / (usual / scale_ + tone) - 1, 0.F, 1.F);
}

/// By how much a source is off those beside it in the median over time.
float ExemplarFusion::standing(const Plane& p, std::size_t component,
                               std::span<const Neighbour> around, std::size_t hole, int source) {
  const int w = p.width, x = source % w, y = source / w;
  values_.assign(1, p.off(around.front().seen->planes[component], hole, source));
  for (std::size_t n = 1; n < around.size(); n += 2) {
    const double u = motions_[n].x(x, y) + .5, v = motions_[n].y(x, y) + .5;
    if (!(u >= 1 && v >= 1 && u < w - 1 && v < p.height - 1)) continue;
    const int then = static_cast<int>(v) * w + static_cast<int>(u);
    if (p.known[at(then)]) values_.push_back(p.off(around[n].seen->planes[component], hole, then));
  }
  const auto middle = values_.begin() + static_cast<std::ptrdiff_t>(values_.size() / 2);
  std::nth_element(values_.begin(), middle, values_.end());
  return *middle;
}

/// By how much the sources' gradients pull at each sample, beyond the fill's own.
void ExemplarFusion::guide(std::size_t component, std::span<const ExemplarSource> from,
                           const ExemplarPlaces& places, std::span<const Neighbour> around,
                           const CropPlane& base) {
  Plane& p = planes_[component];
  const CropPlane& seen = around.front().seen->planes[component];
  motions_.clear();
  for (const Neighbour& n : around) motions_.push_back(n.motion.on_grid(p.shift_x, p.shift_y));
  const int w = p.width;
  const auto cell_of = [&](int place, int side, int wide) {
    return at((place / w << p.shift_y) / side * wide + (place % w << p.shift_x) / side);
  };
  for (std::size_t i = 0; i < p.holes.size(); ++i) {
    const int place = p.holes[i];
    p.pull[i] = 0;
    std::array<ExemplarStep, 2> step;
    std::array<float, 2> weight{};
    for (std::size_t k = 0; k < from.size(); ++k) {
      if (from[k].steps.empty()) continue;
      step[k] = from[k].steps[cell_of(place, 2, steps_wide_)];
      weight[k] = from[k].weight;
    }
    if (step[0] == step[1]) weight = {weight[0] + weight[1], 0};
    // Two textures that know nothing of one another would thin out where they are mixed.
    const float squares = weight[0] * weight[0] + weight[1] * weight[1];
    const float keep = squares > 0 ? (weight[0] + weight[1]) / std::sqrt(squares) : 1;
    for (std::size_t k = 0; k < 2; ++k) {
      if (!(weight[k] > 0) || step[k] == ExemplarStep{}) continue;
      const int x = place % w + (2 * step[k].x >> p.shift_x);
      const int y = place / w + (2 * step[k].y >> p.shift_y);
      if (x < 0 || y < 0 || x >= w || y >= p.height || !p.known[at(y * w + x)]) continue;
      const int source = y * w + x;
      const auto there = cell_of(source, PassingFinder::unit, places_wide_);
      const auto here = cell_of(place, PassingFinder::unit, places_wide_);
      const float usual = planes_[0].strength.at(place % w << p.shift_x, place / w << p.shift_y);
      float taken = p.off(seen, i, source);
      if (const float passes = places.passing[there]; passes > 0)
        taken += passes * (standing(p, component, around, i, source) - taken);
      p.pull[i] +=
          weight[k] * fit(places, here, there, usual) * (keep * taken - p.off(base, i, place));
    }
  }
}

/// Successive over-relaxation, forth and back; nothing is added outside the hole.
void ExemplarFusion::solve(Plane& p) {
  constexpr float over = 1.4F;
  std::fill(p.detail.begin(), p.detail.end(), 0.F);
  const auto relax = [&](std::size_t i) {
    float sum = p.pull[i], links = screen;
    for (const int other : p.beside[i]) {
      if (other == absent) continue;
      links += 1;
      if (other >= 0) sum += p.detail[at(other)];
    }
    p.detail[i] += over * (sum / links - p.detail[i]);
  };
  for (int sweep = 0; sweep < sweeps; ++sweep)
    if (sweep & 1)
      for (std::size_t i = p.holes.size(); i-- > 0;) relax(i);
    else
      for (std::size_t i = 0; i < p.holes.size(); ++i) relax(i);
}

void ExemplarFusion::add(std::span<const ExemplarSource> from, const ExemplarPlaces& places,
                         std::span<const Neighbour> around,
                         const std::array<std::span<const float>, 3>& share, Crop& out) {
  for (std::size_t c = 0; c < 3; ++c) {
    Plane& p = planes_[c];
    if (p.holes.empty() || p.strength.measure(around.front().seen->planes[c]) <= p.noise) continue;
    guide(c, from, places, around, out.planes[c]);
    solve(p);
    for (std::size_t i = 0; i < p.holes.size(); ++i) {
      const float usual = p.strength.at(p.holes[i] % p.width, p.holes[i] / p.width);
      const float gate = std::clamp((usual - p.noise) / ((clear - 1) * p.noise), 0.F, 1.F);
      if (!(gate > 0)) continue;
      const float over = p.detail[i] / (most * usual);
      const float made_up = std::clamp((share[c][i] - some) / (all - some), 0.F, 1.F);
      const float detail = strength * gate * made_up * p.inside[i] * p.detail[i];
      auto& sample = out.planes[c].samples[at(p.holes[i])];
      sample = static_cast<std::uint16_t>(
          std::clamp(static_cast<float>(sample) + detail / std::sqrt(1 + over * over) + .5F, 0.F,
                     static_cast<float>(max_value_)));
    }
  }
}

}  // namespace cleanplate
