#include "matte/edge_shares.h"

#include <algorithm>
#include <cmath>

#include "matte/hole_fill.h"

namespace cleanplate {

namespace {
constexpr int most_frames = 20;  // looked at, evenly spread
constexpr int most_growth = 3;   // steps of two samples
constexpr float covered = .12f;  // share at which a rim is not yet the end
constexpr float least_share = .03f;
constexpr float opaque = .9f;          // α above which no plate is seen through a paint
constexpr float chroma_weight = .25f;  // of a squared difference
constexpr int sharpenings = 3;         // of the chroma by the luma's mixes

/// A sample of the band and the mixes that it may be: pairs of paints, 0 for none.
struct Place {
  std::size_t at;
  struct Mix {
    std::uint8_t first, second;
    double agree = 0, power = 0;  // Σ (I − A)(B − A), Σ (B − A)²
    double rest = 0;              // Σ (I − A)² − Σ (I − J)²
  };
  std::vector<Mix> mixes;
};

std::vector<std::uint8_t> paints_near(const PaintMap& map, std::size_t i, int reach) {
  const int w = map.width, x = static_cast<int>(i) % w, y = static_cast<int>(i) / w;
  std::vector<std::uint8_t> out;
  for (int v = std::max(0, y - reach); v <= std::min(map.height - 1, y + reach); ++v)
    for (int u = std::max(0, x - reach); u <= std::min(w - 1, x + reach); ++u) {
      const std::uint8_t p = map.paint[map.index(u, v)];
      if (std::find(out.begin(), out.end(), p) == out.end()) out.push_back(p);
    }
  return out;
}

class Band {
 public:
  Band(const CropStack& seen, const Shading& shading, const Evidence& evidence,
       const std::vector<Paint>& paints, const PaintMap& map)
      : seen_(seen), shading_(shading), e_(evidence), paints_(paints), map_(map) {
    for (std::size_t k = 0; k <= paints.size(); ++k)
      through_.emplace_back(paints, static_cast<int>(k), e_.top);
  }

  /// @param band  >0: to be mixed. @return per sample, what it turned out to be.
  MixedMatte mix(const Field& band) {
    places_.clear();
    for (std::size_t i = 0; i < band.size(); ++i) {
      if (band.values[i] <= 0) continue;
      Place p{i, {}};
      auto near = paints_near(map_, i, 3);
      for (int reach = 5; near.size() < 2 && reach < 13; reach += 3)
        near = paints_near(map_, i, reach);
      if (near.size() < 2) near.push_back(0);
      std::sort(near.begin(), near.end());
      for (std::size_t a = 0; a < near.size(); ++a)
        for (std::size_t b = a + 1; b < near.size(); ++b)
          if (near[a] != near[b]) p.mixes.push_back({near[a], near[b]});
      places_.push_back(std::move(p));
    }
    Field hole = band;
    for (std::size_t i = 0; i < hole.size(); ++i)
      if (map_.paint[i] && paints_[map_.paint[i] - 1U].alpha > static_cast<double>(opaque))
        hole.values[i] = 1;
    const HoleFill span(hole);
    const int frames = std::min(seen_.frames(), most_frames);
    std::vector<Field> pictures;
    for (int k = 0; k < frames; ++k)
      pictures.push_back(
          seen_.field(0, static_cast<int>((2LL * k + 1) * seen_.frames() / (2LL * frames))));
    for (Field& picture : pictures)
      for (std::size_t i = 0; i < shading_[0].size(); ++i)
        picture.values[i] -= shading_in(shading_, map_, paints_, 0, i);
    gather(pictures, 0, span, band, 1.f / static_cast<float>(frames));
    const std::vector<Place> by_luma = places_;
    const PixelFormat format = seen_.format();
    const bool smeared = e_.components > 1 && format.chroma_shift_x() + format.chroma_shift_y() > 0;
    const int rounds = smeared ? sharpenings : 0;
    std::array<Field, 3> chroma = e_.mean;
    for (int round = 0;; ++round) {
      std::array<Field, 3> plates;
      for (std::size_t c = 1; c < static_cast<std::size_t>(e_.components); ++c)
        plates[c] = gather({chroma[c]}, static_cast<int>(c), span, band, chroma_weight)[0];
      MixedMatte out = settle(band);
      if (round == rounds) return out;
      for (std::size_t c = 1; c < static_cast<std::size_t>(e_.components); ++c)
        chroma[c] = sharpened(out, plates[c], c);
      places_ = by_luma;
    }
  }

 private:
  /// A chroma sample is the mean of several: its mean as seen, with the edges that the mixes so far
  /// have in it.
  Field sharpened(const MixedMatte& mixed, const Field& plate, std::size_t c) const {
    Field out = plate;
    for (std::size_t i = 0; i < out.size(); ++i)
      out.values[i] =
          mixed.premultiplied[c].values[i] + (1 - mixed.alpha.values[i]) * plate.values[i];
    const PixelFormat format = seen_.format();
    const Field smeared = enlarged(reduced(out, format.chroma_shift_x(), format.chroma_shift_y()),
                                   {out.width, out.height});
    for (std::size_t i = 0; i < out.size(); ++i)
      out.values[i] += e_.mean[c].values[i] - smeared.values[i];
    return out;
  }

  /// @return the plates.
  std::vector<Field> gather(const std::vector<Field>& pictures, int c, const HoleFill& span,
                            const Field& band, float weight) {
    std::vector<Field> plates = pictures;
    for (Field& plate : plates)
      for (std::size_t i = 0; i < plate.size(); ++i)
        if (map_.paint[i] && band.values[i] <= 0)
          plate.values[i] = through_[map_.paint[i]].plate(plate.values[i], c);
    span(plates);
    for (std::size_t k = 0; k < pictures.size(); ++k) add(pictures[k], plates[k], c, weight);
    return plates;
  }

  void add(const Field& picture, const Field& plate, int c, float weight) {
    const auto under = [&](std::uint8_t paint, float j) {
      if (!paint) return j;
      const Paint& p = paints_[paint - 1U];
      return p.premultiplied[static_cast<std::size_t>(c)] + (1 - static_cast<float>(p.alpha)) * j;
    };
    for (Place& p : places_) {
      const float i = picture.values[p.at], j = plate.values[p.at];
      for (Place::Mix& m : p.mixes) {
        const float a = under(m.first, j), b = under(m.second, j);
        m.agree += static_cast<double>(weight * (i - a) * (b - a));
        m.power += static_cast<double>(weight * (b - a) * (b - a));
        m.rest += static_cast<double>(weight * ((i - a) * (i - a) - (i - j) * (i - j)));
      }
    }
  }

  MixedMatte settle(const Field& band) const {
    MixedMatte out{Field(band.width, band.height), {}, {}};
    for (Field& f : out.premultiplied) f = Field(band.width, band.height);
    const auto set = [&](std::size_t i, std::uint8_t paint, float share) {
      if (!paint) return;
      const Paint& p = paints_[paint - 1U];
      out.alpha.values[i] += share * static_cast<float>(p.alpha);
      for (std::size_t c = 0; c < 3; ++c)
        out.premultiplied[c].values[i] += share * p.premultiplied[c];
    };
    for (std::size_t i = 0; i < band.size(); ++i)
      if (band.values[i] <= 0) set(i, map_.paint[i], 1);
    for (const Place& p : places_) {
      const Place::Mix* best = nullptr;
      double least = 0;
      float share = 0;
      for (const Place::Mix& m : p.mixes) {
        const double s = m.power > 0 ? std::clamp(m.agree / m.power, 0., 1.) : 0;
        // Two paints must do clearly better than one and none.
        const double handicap = m.first ? static_cast<double>(4 * e_.unit * e_.unit) : 0;
        const double rest = m.rest - 2 * s * m.agree + s * s * m.power + handicap;
        if (!best || rest < least) best = &m, least = rest, share = static_cast<float>(s);
      }
      if (!best) continue;
      if (share < least_share) share = 0;
      if (share > 1 - least_share) share = 1;
      set(p.at, best->first, 1 - share);
      set(p.at, best->second, share);
    }
    return out;
  }

  const CropStack& seen_;
  const Shading& shading_;
  const Evidence& e_;
  const std::vector<Paint>& paints_;
  const PaintMap& map_;
  std::vector<Unblended> through_;
  std::vector<Place> places_;
};

Field depth_of(const Field& alpha) {
  constexpr int deepest = 23;
  Field inside(alpha.width, alpha.height), depth = inside;
  for (std::size_t i = 0; i < alpha.size(); ++i) inside.values[i] = alpha.values[i] > 0 ? 1.f : 0.f;
  for (int d = 0; d < deepest; ++d) {
    for (std::size_t i = 0; i < inside.size(); ++i) depth.values[i] += inside.values[i];
    inside = eroded(inside, 1);
  }
  return depth;
}

}  // namespace

MixedMatte mix_edges(const CropStack& seen, const Shading& shading, const Evidence& evidence,
                     const Field& hint, const std::vector<Paint>& paints, const PaintMap& map) {
  Field band(map.width, map.height);
  for (std::size_t i = 0; i < band.size(); ++i)
    band.values[i] = map.solid[i] || hint.values[i] <= 0 ? 0.f : 1.f;
  Band edges(seen, shading, evidence, paints, map);
  MixedMatte out = edges.mix(band);
  for (int step = 0; step < most_growth; ++step) {
    // The rim: band samples beside bare ones, whose neighbourhood is still covered.
    Field share(band.width, band.height);
    for (std::size_t i = 0; i < share.size(); ++i)
      share.values[i] = band.values[i] > 0 && !map.paint[i] ? out.alpha.values[i] : 0;
    const float peak = quantile(out.alpha.values, .99);
    const Field around = box_mean(share, 1), more = [&] {
      Field f(band.width, band.height);
      for (std::size_t i = 0; i < f.size(); ++i)
        f.values[i] = around.values[i] > covered * peak ? 1.f : 0.f;
      return dilated(f, 2);
    }();
    bool grown = false;
    for (std::size_t i = 0; i < band.size(); ++i)
      if (more.values[i] > 0 && band.values[i] <= 0 && !map.paint[i] && hint.values[i] > 0)
        band.values[i] = 1, grown = true;
    if (!grown) break;
    out = edges.mix(band);
  }
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < shading[c].size(); ++i)
      out.premultiplied[c].values[i] += out.alpha.values[i] * shading[c].values[i];
  out.depth = depth_of(out.alpha);
  return out;
}

}  // namespace cleanplate
