#include "matte/stepped_mark.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {

constexpr float opaque = .9f;      // from here on little of what shines through is worth anything
constexpr float strong = 4;        // spreads of a difference that is no chance…
constexpr float weak = 2;          // …and of one beside such
constexpr float least_levels = 2;  // of a difference that counts, 8-bit
constexpr int gap = 2;             // samples without a difference that the mark closes over
constexpr int reach = 24;          // samples that a soft edge or a shadow goes on for

/// The greatest difference of a component, in what counts as one there.
Field strength_of(const StepPictures& p, float unit) {
  Field out(p.with[0].width, p.with[0].height);
  for (std::size_t c = 0; c < 3; ++c) {
    const float least = std::max(least_levels * unit, p.spread[c]);
    for (std::size_t i = 0; i < out.size(); ++i)
      out.values[i] =
          std::max(out.values[i], std::abs(p.with[c].values[i] - p.without[c].values[i]) / least);
  }
  return out;
}

Field above(const Field& f, float limit, const Field& hint) {
  Field out(f.width, f.height);
  for (std::size_t i = 0; i < f.size(); ++i)
    out.values[i] = f.values[i] > limit && hint.values[i] > 0 ? 1.f : 0.f;
  return out;
}

Field both(Field a, const Field& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (b.values[i] <= 0) a.values[i] = 0;
  return a;
}

/// What surely differs where the mark may be, and all that differs and hangs together with it;
/// small gaps are closed, where the mark has the scene's own colour.
Field support_of(const StepPictures& p, const Field& hint, float unit) {
  const Field strength = strength_of(p, unit);
  const Field any(hint.width, hint.height, 1), maybe = above(strength, weak, any);
  Field support = both(above(strength, strong, any), hint);
  for (int step = 0; step < reach / gap; ++step) support = both(dilated(support, gap), maybe);
  return eroded(dilated(support, gap), gap);
}

struct Through {
  double value = 0, error = 1e9;
};

/// How strongly differences between neighbours within the mark go on under it. What the mark
/// changes such a difference by lies between nothing and all of it, else it is an edge of the
/// mark's own.
Through seen_through(const StepPictures& p, const Field& inside, float unit) {
  constexpr int apart = 2, rounds = 5;
  constexpr double noise = .7, chance = 3 * noise;  // levels, of a mean's
  constexpr double clusters = 4;                    // samples that go together
  struct Pair {
    double with, without;
  };
  std::vector<Pair> pairs;
  for (int y = 0; y + apart < inside.height; ++y)
    for (int x = 0; x + apart < inside.width; ++x)
      for (const auto& [dx, dy] : {std::pair{apart, 0}, std::pair{0, apart}}) {
        if (inside.at(x, y) <= 0 || inside.at(x + dx, y + dy) <= 0) continue;
        const auto step = [&, u = dx, v = dy](const Field& f) {
          return static_cast<double>((f.at(x + u, y + v) - f.at(x, y)) / unit);
        };
        const Pair pair{step(p.with[0]), step(p.without[0])};
        const double change = pair.with - pair.without, away = pair.without < 0 ? -1. : 1.;
        if (change * away < chance && change * away > -std::abs(pair.without) - chance)
          pairs.push_back(pair);
      }
  if (pairs.size() < 40) return {};
  // All count alike at first, so that it is not what was expected that is found.
  double slope = 0, scale = 1e9;
  double power = 0, rest = 0;
  for (int round = 0; round < rounds; ++round) {
    double both = 0, off = 0, count = 0;
    power = rest = 0;
    for (const Pair& q : pairs) {
      const double r = q.with - slope * q.without, w = 1 / (1 + r * r / (scale * scale));
      both += w * q.with * q.without;
      power += w * (q.without * q.without - 2 * noise * noise);
      rest += w * w * r * r * q.without * q.without;
      off += w * std::abs(r), count += w;
    }
    if (power <= 0) return {};
    slope = std::clamp(both / power, 0., 1.);
    scale = std::max(1., 3 * off / count);
  }
  return {slope, std::sqrt(clusters * rest) / power};
}

/// The least opacity at which a colour that there is explains nearly all that is seen.
double least_opacity(const StepPictures& p, const Field& inside, int components, float unit,
                     float top) {
  std::vector<float> least;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside.values[i] <= 0) continue;
    float most = 0;
    for (std::size_t c = 0; c < static_cast<std::size_t>(components); ++c) {
      const float j = p.without[c].values[i], d = p.with[c].values[i] - j;
      most = std::max(most, std::abs(d) / std::max((d > 0 ? top - j : j) + 4 * unit, unit));
    }
    least.push_back(most);
  }
  return static_cast<double>(std::min(quantile(std::move(least), .9), .97f));
}

/// A sample at the mark's edge has a part of what a whole one beside it would have there.
Field shares_of(const StepPictures& p, const Field& support, const Field& inside, float alpha) {
  constexpr int beside = 3;
  Field share = inside;
  for (int y = 0; y < support.height; ++y)
    for (int x = 0; x < support.width; ++x) {
      if (support.at(x, y) <= 0 || inside.at(x, y) > 0) continue;
      double both = 0, power = 0, count = 0;
      std::array<double, 3> paint{};
      for (int v = std::max(0, y - beside); v <= std::min(support.height - 1, y + beside); ++v)
        for (int u = std::max(0, x - beside); u <= std::min(support.width - 1, x + beside); ++u) {
          if (inside.at(u, v) <= 0) continue;
          count += 1;
          for (std::size_t c = 0; c < 3; ++c)
            paint[c] +=
                static_cast<double>(p.with[c].at(u, v) - (1 - alpha) * p.without[c].at(u, v));
        }
      for (std::size_t c = 0; c < 3 && count > 0; ++c) {
        const auto j = static_cast<double>(p.without[c].at(x, y));
        const double d = static_cast<double>(p.with[c].at(x, y)) - j;
        const double whole = paint[c] / count - static_cast<double>(alpha) * j;
        both += d * whole, power += whole * whole;
      }
      share.at(x, y) =
          power > 0 ? static_cast<float>(std::clamp(both / power, .1, 1.)) : 1.f;  // a thin stroke
    }
  return share;
}

Matte matte_of(const Box& box, const Field& alpha, const Field& with, const Field& without) {
  Matte m{box, alpha.values, std::vector<float>(alpha.size()), std::vector<float>(alpha.size())};
  for (std::size_t i = 0; i < alpha.size(); ++i) {
    const float a = alpha.values[i];
    if (a <= 0) continue;
    m.colour[i] = (with.values[i] - (1 - a) * without.values[i]) / a;
    m.trust[i] = a < opaque ? 1.f : 0.f;
  }
  return m;
}

}  // namespace

SteppedMark stepped_mark(const StepPictures& steps, const CropStack& seen, const Field& hint,
                         const KnownOpacity& known) {
  constexpr std::ptrdiff_t least_samples = 24;
  constexpr double slack = .01;       // that an opacity is never known closer than
  constexpr double well_known = .08;  // error of an opacity
  const PixelFormat format = seen.format();
  const auto unit = static_cast<float>(1 << (format.bits - 8));
  const auto top = static_cast<float>((1 << format.bits) - 1);
  SteppedMark out;
  StepPictures large = steps;
  for (Field* f : {&large.with[1], &large.with[2], &large.without[1], &large.without[2]})
    *f = f->empty() ? Field(hint.width, hint.height) : enlarged(*f, {hint.width, hint.height});
  const Field support = support_of(large, hint, unit);
  if (std::count_if(support.values.begin(), support.values.end(), [](float v) { return v > 0; }) <
      least_samples)
    return out;
  const Field inside = eroded(support, 1);
  Through through = seen_through(large, inside, unit);
  // What the scene's own motion takes from its detail, it takes under the mark as well.
  const double moved = through.value * (1 / std::max(.1, steps.stays) - 1);
  through = {std::min(1., through.value + moved), std::hypot(through.error, moved)};
  out.through = through.value, out.through_error = through.error;
  const double own = 1 / (through.error * through.error + slack * slack),
               usual = 1 / (known.error * known.error);
  const double error = std::sqrt(1 / (own + usual));
  const double peak = std::clamp((own * (1 - through.value) + usual * known.value) / (own + usual),
                                 least_opacity(large, inside, format.components(), unit, top), .99);
  Field alpha = shares_of(large, support, inside, static_cast<float>(peak));
  for (float& a : alpha.values) a *= static_cast<float>(peak);

  MatteEstimate& e = out.matte;
  e.opacity = peak;
  e.left = 0, e.trust = peak < static_cast<double>(opaque) ? 1 : 0;
  e.stands_out = 10;  // that is what steps are taken for
  e.crisp = true;
  e.seen_bare = through.error < well_known;
  e.model = std::make_shared<OverlayModel>();
  e.model->bits = format.bits;
  e.model->alpha_peak = peak;
  e.model->alpha_error = error;
  e.model->confidence = 1 / (1 + 100 * error * error);
  for (int c = 0; c < format.components(); ++c) {
    const auto k = static_cast<std::size_t>(c);
    const int sx = c ? format.chroma_shift_x() : 0, sy = c ? format.chroma_shift_y() : 0;
    e.model->mattes[k] =
        matte_of(seen.box(c), reduced(alpha, sx, sy), steps.with[k], steps.without[k]);
  }
  e.support = std::make_shared<Mask>();
  e.support->box = seen.box(0);
  for (const float a : alpha.values) e.support->values.push_back(a > 0 ? 255 : 0);
  return out;
}

}  // namespace cleanplate
