#include "scenery.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "draw.h"
#include "sprites.h"

namespace cleanplate::train {

namespace {

using Ink = std::array<float, 3>;

Ink base_ink(Random& random) {
  const auto light =
      static_cast<float>(random.below(2) ? between(random, 0, .3) : random.uniform());
  Ink out;
  for (float& c : out)
    c = std::clamp(light + static_cast<float>(between(random, -.15, .15)), 0.f, 1.f);
  return out;
}

Ink varied(const Ink& base, Random& random, double by) {
  const auto d = static_cast<float>(between(random, -by, by));
  Ink out = base;
  for (float& c : out) c = std::clamp(c + d, 0.f, 1.f);
  return out;
}

void lay(Canvas& rgb, int x, int y, float cover, const Ink& ink) {
  if (cover <= 0 || x < 0 || y < 0 || x >= rgb[0].width || y >= rgb[0].height) return;
  for (std::size_t k = 0; k < 3; ++k) {
    float& v = rgb[k].at(x, y);
    v += cover * (ink[k] - v);
  }
}

/// As soft as the lens makes it: hardly ever as sharp as what is drawn on.
void softened(Random& random, Canvas& rgb, const Canvas& painted) {
  const double sigma = between(random, .35, 1.5);
  for (std::size_t k = 0; k < 3; ++k) rgb[k] = blurred(painted[k], sigma);
}

}  // namespace

void put_stems(Random& random, Canvas& rgb) {
  const int size = rgb[0].width;
  Canvas painted = rgb;
  const Ink base = base_ink(random);
  const int count = 3 + random.below(50);
  const bool across = chance(random, .25);
  const double lean = between(random, -.5, .5), spread = between(random, .05, .5);
  const double foot = between(random, .3, 1.2) * size, tall = between(random, .15, 1.1) * size;
  const double from = between(random, -.2, .7) * size, wide = between(random, .2, 1) * size;
  for (int n = 0; n < count; ++n) {
    const Ink ink = varied(base, random, .12);
    const double x0 = from + wide * random.uniform(), y0 = foot + between(random, -.1, .1) * size;
    const double length = tall * between(random, .4, 1),
                 tilt = lean + between(random, -spread, spread);
    const double bend = between(random, -1, 1) * spread, thick = between(random, .6, 3.2);
    const double tip = chance(random, .2) ? between(random, 1.5, 4) : 0;  // a seed head
    for (int i = 0; i < static_cast<int>(length); ++i) {
      const double t = i / length;
      const double centre = x0 + i * (tilt + bend * t);
      const double half = .5 * thick * (1 - .6 * t) + (t > .85 ? tip : 0);
      const int y = static_cast<int>(y0) - i;
      for (int x = static_cast<int>(centre - half - 1); x <= static_cast<int>(centre + half + 1);
           ++x) {
        const auto in = static_cast<float>(std::clamp(half + .5 - std::abs(x - centre), 0., 1.));
        across ? lay(painted, y, x, in, ink) : lay(painted, x, y, in, ink);
      }
    }
  }
  softened(random, rgb, painted);
}

void put_leaves(Random& random, Canvas& rgb) {
  const int size = rgb[0].width;
  Canvas painted = rgb;
  const Ink base = base_ink(random);
  const int count = 1 + random.below(random.below(3) ? 12 : 70);
  const double large = between(random, 3, 28), slim = between(random, .15, 1);
  const double cx = random.uniform() * size, cy = random.uniform() * size,
               spread = between(random, .08, .5) * size;
  const double main = between(random, 0, std::numbers::pi), turn = between(random, .1, 1.6);
  for (int n = 0; n < count; ++n) {
    const Ink ink = varied(base, random, .2), far = varied(ink, random, .25);
    const double x0 = cx + between(random, -1, 1) * spread,
                 y0 = cy + between(random, -1, 1) * spread;
    const double a = large * between(random, .4, 1),
                 b = std::max(1., a * slim * between(random, .6, 1));
    const double angle = main + between(random, -turn, turn), c = std::cos(angle),
                 s = std::sin(angle);
    const bool pointed = random.below(2);
    const int r = static_cast<int>(a) + 2;
    for (int dy = -r; dy <= r; ++dy)
      for (int dx = -r; dx <= r; ++dx) {
        const double u = (c * dx + s * dy) / a, v = (-s * dx + c * dy) / b;
        const double edge = pointed ? std::abs(v) + u * u : std::hypot(u, v);
        const auto in = static_cast<float>(std::clamp((1 - edge) * b + .5, 0., 1.));
        const auto t = static_cast<float>(std::clamp((u + 1) / 2, 0., 1.));
        Ink here;
        for (std::size_t k = 0; k < 3; ++k) here[k] = ink[k] + t * (far[k] - ink[k]);
        lay(painted, static_cast<int>(x0) + dx, static_cast<int>(y0) + dy, in, here);
      }
  }
  softened(random, rgb, painted);
}

void put_objects(const Material& material, Random& random, Canvas& rgb) {
  const int size = rgb[0].width;
  Canvas painted = rgb;
  const bool alike = chance(random, .3);
  const Picture* same = &any(material.objects, random);
  const double room = 8 * std::pow(14., random.uniform());
  for (int n = alike ? 2 + random.below(8) : 1 + random.below(3); n > 0; --n) {
    const Picture& from = alike ? *same : any(material.objects, random);
    Sprite s = sprite_of(from, std::max(6, static_cast<int>(room * between(random, .6, 1.1))));
    if (chance(random, .5)) {
      const double angle = between(random, -1.5, 1.5);
      s.alpha = turned(s.alpha, angle);
      for (Field& c : s.colour) c = turned(c, angle);
    }
    const auto light = static_cast<float>(between(random, .45, 1.15));
    const int x0 = random.below(size) - s.alpha.width / 2,
              y0 = random.below(size) - s.alpha.height / 2;
    if (chance(random, .5)) {  // its shadow on the ground
      const double sigma = between(random, 1, 4);
      const Field soft = blurred(s.alpha, sigma);
      const int dx = static_cast<int>(between(random, -.2, .2) * s.alpha.width),
                dy = static_cast<int>(between(random, .0, .2) * s.alpha.height);
      for (int y = 0; y < soft.height; ++y)
        for (int x = 0; x < soft.width; ++x)
          lay(painted, x0 + x + dx, y0 + y + dy, .5f * soft.at(x, y), {});
    }
    for (int y = 0; y < s.alpha.height; ++y)
      for (int x = 0; x < s.alpha.width; ++x)
        lay(painted, x0 + x, y0 + y, s.alpha.at(x, y),
            {std::min(1.f, light * s.colour[0].at(x, y)),
             std::min(1.f, light * s.colour[1].at(x, y)),
             std::min(1.f, light * s.colour[2].at(x, y))});
  }
  softened(random, rgb, painted);
}

void put_lines(Random& random, Canvas& rgb) {
  const int size = rgb[0].width;
  Canvas painted = rgb;
  const Ink base = base_ink(random);
  const double period = between(random, 4, 30), share = between(random, .12, .6);
  const double angle = chance(random, .6)
                           ? std::numbers::pi / 2 * random.below(2) + between(random, -.06, .06)
                           : between(random, 0, std::numbers::pi);
  const double c = std::cos(angle), s = std::sin(angle), closer = between(random, -.004, .004);
  const bool grid = chance(random, .3);
  const int w = std::max(20, static_cast<int>(size * between(random, .15, 1.3))),
            h = std::max(12, static_cast<int>(size * between(random, .1, 1.3)));
  const int x0 = random.below(size) - w / 2, y0 = random.below(size) - h / 2;
  const auto strength = static_cast<float>(between(random, .3, 1));
  for (int y = std::max(0, y0); y < std::min(size, y0 + h); ++y)
    for (int x = std::max(0, x0); x < std::min(size, x0 + w); ++x) {
      const auto at = [&](double u, double v) {
        const double t = u / period * (1 + closer * v);  // nearer or farther along the line
        const double phase = std::abs(t - std::floor(t) - .5) * 2;
        return std::clamp((phase - (1 - share)) * period / 2 + .5, 0., 1.);
      };
      const double u = c * x + s * y, v = -s * x + c * y;
      const double in = grid ? std::max(at(u, v), at(v, u)) : at(u, v);
      lay(painted, x, y, strength * static_cast<float>(in), base);
    }
  softened(random, rgb, painted);
}

}  // namespace cleanplate::train
