#include "sprites.h"

#include <algorithm>
#include <cmath>

#include "draw.h"
#include "emblem.h"
#include "words.h"

namespace cleanplate::train {

namespace {

Colour3 any_colour(Random& random) {
  const double kind = random.uniform();
  if (kind < .45) return {1, 1, 1};
  if (kind < .55) return Colour3{};
  if (kind < .65) {
    const auto grey = static_cast<float>(between(random, .2, .95));
    return {grey, grey, grey};
  }
  if (kind < .72) return {1.f, static_cast<float>(between(random, .75, 1)), 0.f};
  Colour3 out;
  for (float& c : out) c = static_cast<float>(random.uniform());
  return out;
}

Sprite plain(Field alpha, const Colour3& colour) {
  Sprite s;
  for (std::size_t k = 0; k < 3; ++k) s.colour[k] = Field(alpha.width, alpha.height, colour[k]);
  s.alpha = std::move(alpha);
  return s;
}

/// `below` shows where `s` does not cover; `pad` samples more on every side, `below` moved.
Sprite over(const Sprite& s, const Field& below, const Colour3& colour, int pad, int dx, int dy) {
  Sprite out;
  const int w = s.alpha.width + 2 * pad, h = s.alpha.height + 2 * pad;
  out.alpha = Field(w, h);
  for (Field& c : out.colour) c = Field(w, h);
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      const int sx = x - pad, sy = y - pad, bx = x - dx, by = y - dy;
      const bool in = sx >= 0 && sy >= 0 && sx < s.alpha.width && sy < s.alpha.height;
      const float a = in ? s.alpha.at(sx, sy) : 0;
      const float b =
          bx >= 0 && by >= 0 && bx < below.width && by < below.height ? below.at(bx, by) : 0;
      const float total = a + (1 - a) * b;
      out.alpha.at(x, y) = total;
      for (std::size_t k = 0; k < 3; ++k)
        out.colour[k].at(x, y) =
            total > 0 ? ((in ? a * s.colour[k].at(sx, sy) : 0) + (1 - a) * b * colour[k]) / total
                      : 0;
    }
  return out;
}

Field padded(const Field& f, int pad) {
  Field out(f.width + 2 * pad, f.height + 2 * pad);
  for (int y = 0; y < f.height; ++y)
    for (int x = 0; x < f.width; ++x) out.at(x + pad, y + pad) = f.at(x, y);
  return out;
}

/// A rounded box, ring or disc.
Field shape(Random& random, int w, int h) {
  Field out(w, h);
  const double round = between(random, 0, 1) * std::min(w, h) / 2;
  const double ring = random.below(3) ? 1e9 : std::max(1.5, between(random, .05, .2) * h);
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      const double dx = std::max(0., std::abs(x + .5 - w / 2.) - (w / 2. - round)),
                   dy = std::max(0., std::abs(y + .5 - h / 2.) - (h / 2. - round));
      double inside = round - std::hypot(dx, dy) + .5;
      if (round < 1) inside = 1;
      double depth = std::min(
          {round > 0 ? round - std::hypot(dx, dy) : 1e9, x + .5, y + .5, w - x - .5, h - y - .5});
      if (depth > ring) inside = std::min(inside, ring - depth + 1);
      out.at(x, y) = static_cast<float>(std::clamp(inside, 0., 1.));
    }
  return out;
}

/// An outline, a shadow, a box behind, or nothing.
Sprite dressed(Sprite s, Random& random, int height) {
  if (s.empty()) return s;
  const double kind = random.uniform();
  if (kind < .2) {
    const int r = 1 + random.below(std::max(1, height / 20));
    const Colour3 dark = chance(random, .8) ? Colour3{} : any_colour(random);
    const Field wide = blurred(dilated(padded(s.alpha, r + 1), r), .5);
    return over(s, wide, dark, r + 1, 0, 0);
  }
  if (kind < .42) {
    const double sigma = between(random, .3, 1 + height / 14.);
    const int pad = static_cast<int>(3 * sigma) + 3, d = 1 + random.below(std::max(1, height / 14));
    Field soft = blurred(padded(s.alpha, pad), sigma);
    const auto strength = static_cast<float>(between(random, .4, 1));
    for (float& v : soft.values) v = std::min(1.f, v * strength);
    return over(s, soft, {}, pad, random.below(4) ? d : 0, random.below(4) ? d : 0);
  }
  if (kind < .58) {
    const int pad = 2 + random.below(std::max(2, height / 2));
    Field box = shape(random, s.alpha.width + 2 * pad, s.alpha.height + 2 * pad);
    const auto strength = static_cast<float>(between(random, .3, 1));
    for (float& v : box.values) v *= strength;
    Colour3 back = any_colour(random);
    if (std::abs(back[1] - s.colour[1].values[0]) < .3f)
      back = s.colour[1].values[0] > .5f ? Colour3{} : Colour3{1, 1, 1};
    return over(s, box, back, pad, 0, 0);
  }
  return s;
}

/// Two side by side, the lower centred.
Sprite beside(const Sprite& a, const Sprite& b, int gap) {
  Sprite out;
  const int w = a.alpha.width + gap + b.alpha.width, h = std::max(a.alpha.height, b.alpha.height);
  out.alpha = Field(w, h);
  for (Field& c : out.colour) c = Field(w, h);
  const auto put = [&](const Sprite& s, int x0) {
    const int y0 = (h - s.alpha.height) / 2;
    for (int y = 0; y < s.alpha.height; ++y)
      for (int x = 0; x < s.alpha.width; ++x) {
        out.alpha.at(x + x0, y + y0) = s.alpha.at(x, y);
        for (std::size_t k = 0; k < 3; ++k) out.colour[k].at(x + x0, y + y0) = s.colour[k].at(x, y);
      }
  };
  put(a, 0), put(b, a.alpha.width + gap);
  return out;
}

Sprite drawn(const Material& material, Random& random, int room) {
  const double kind = random.uniform();
  const int height = std::max(6, static_cast<int>(room * between(random, .12, .45)));
  if (kind < .38)
    return dressed(plain(make_words(material, random, std::min(height, 72)), any_colour(random)),
                   random, height);
  if (kind < .50) {
    Sprite s = plain(any(material.symbols, random)->symbol(random, std::max(10, room / 2)),
                     any_colour(random));
    if (s.empty()) return s;
    if (random.below(2))
      s = beside(s, plain(make_words(material, random, height), any_colour(random)), height / 4);
    return dressed(std::move(s), random, height);
  }
  if (kind < .60)
    return dressed(sprite_of(any(material.logos, random), std::max(10, room)), random, height);
  if (kind < .74) {
    Sprite s = make_emblem(random, std::max(10, static_cast<int>(room * between(random, .3, .9))));
    if (chance(random, .4))
      s = beside(s, plain(make_words(material, random, height), any_colour(random)), height / 4);
    return dressed(std::move(s), random, height);
  }
  if (kind < .88)
    return sprite_of(any(material.art, random),
                     std::max(8, static_cast<int>(room * between(random, .3, .9))));
  // A badge: a shape with a word or a symbol on it.
  const int w = std::max(8, static_cast<int>(room * between(random, .3, 1))),
            h = std::max(6, static_cast<int>(w * between(random, .25, 1)));
  Sprite badge = plain(shape(random, w, h), any_colour(random));
  Field on = random.below(2)
                 ? make_words(material, random, std::max(6, h / 2))
                 : any(material.symbols, random)->symbol(random, std::max(6, h * 2 / 3));
  if (on.empty()) return badge;
  if (on.width > w - 2 || on.height > h - 2) {
    const double fit = std::min((w - 2.) / on.width, (h - 2.) / on.height);
    on = resized(on, std::max(2, static_cast<int>(on.width * fit)),
                 std::max(2, static_cast<int>(on.height * fit)));
  }
  const Colour3 ink = any_colour(random);
  const int x0 = (w - on.width) / 2, y0 = (h - on.height) / 2;
  const bool hole = !random.below(4);  // cut out of the shape
  for (int y = 0; y < on.height; ++y)
    for (int x = 0; x < on.width; ++x) {
      const float a = on.at(x, y);
      float& under = badge.alpha.at(x + x0, y + y0);
      if (hole) {
        under *= 1 - a;
        continue;
      }
      for (std::size_t k = 0; k < 3; ++k) {
        float& c = badge.colour[k].at(x + x0, y + y0);
        c = a * ink[k] + (1 - a) * c;
      }
      under = std::max(under, a);
    }
  return badge;
}

}  // namespace

Sprite sprite_of(const Picture& rgba, int width) {
  const int height = std::max(3, rgba.size.height * width / std::max(1, rgba.size.width));
  Sprite s;
  Field full(rgba.size.width, rgba.size.height);
  for (std::size_t i = 0; i < full.size(); ++i)
    full.values[i] = static_cast<float>(rgba.samples[i * 4 + 3]) / 255.f;
  s.alpha = resized(full, width, height);
  for (std::size_t k = 0; k < 3; ++k) {
    Field weighted = full;
    for (std::size_t i = 0; i < full.size(); ++i)
      weighted.values[i] *= static_cast<float>(rgba.samples[i * 4 + k]) / 255.f;
    s.colour[k] = resized(weighted, width, height);
    for (std::size_t i = 0; i < s.alpha.size(); ++i)
      s.colour[k].values[i] =
          s.alpha.values[i] > .001f ? std::min(1.f, s.colour[k].values[i] / s.alpha.values[i]) : 0;
  }
  return s;
}

Sprite make_sprite(const Material& material, Random& random, int room) {
  Sprite s = drawn(material, random, room);
  if (s.empty()) return s;
  if (s.alpha.width > 4 * room || s.alpha.height > 2 * room) {
    const double fit = std::min(4. * room / s.alpha.width, 2. * room / s.alpha.height);
    const int w = std::max(4, static_cast<int>(s.alpha.width * fit)),
              h = std::max(4, static_cast<int>(s.alpha.height * fit));
    for (Field& c : s.colour) c = resized(c, w, h);
    s.alpha = resized(s.alpha, w, h);
  }
  if (chance(random, .07)) {  // the slanted words of a stock library
    const double angle = between(random, -.9, .9);
    s.alpha = turned(s.alpha, angle);
    for (Field& c : s.colour) c = turned(c, angle);
  }
  if (chance(random, .3)) {  // drawn at another size than it is shown
    const double sigma = between(random, .2, .7);
    s.alpha = blurred(padded(s.alpha, 2), sigma);
    for (Field& c : s.colour) {
      const float edge = c.values[c.size() / 2];
      Field wide(s.alpha.width, s.alpha.height, edge);
      for (int y = 0; y < c.height; ++y)
        for (int x = 0; x < c.width; ++x) wide.at(x + 2, y + 2) = c.at(x, y);
      c = std::move(wide);
    }
  }
  const auto opacity =
      static_cast<float>(chance(random, .5) ? between(random, .15, .6) : between(random, .6, 1));
  for (float& a : s.alpha.values) a *= opacity;
  return s;
}

Sprite make_faint_mark(const Material& material, Random& random, int size) {
  const int width = std::max(24, static_cast<int>(size * between(random, .18, .95)));
  const auto faint = [&](Sprite s) {
    if (chance(random, .4)) s.alpha = blurred(s.alpha, between(random, .2, .8));
    const auto opacity = static_cast<float>(between(random, .12, .5));
    for (float& a : s.alpha.values) a *= opacity;
    return s;
  };
  if (chance(random, .45))  // in its own colours
    return faint(chance(random, .5)   ? make_emblem(random, width * 2 / 3)
                 : chance(random, .6) ? sprite_of(any(material.art, random), width * 2 / 3)
                                      : sprite_of(any(material.logos, random), width));
  const double kind = random.uniform();
  Field cover;
  if (kind < .3)
    cover = sprite_of(any(material.logos, random), width).alpha;
  else if (kind < .5)
    cover = sprite_of(any(material.art, random), std::max(20, width * 2 / 3)).alpha;
  else if (kind < .65)
    cover = any(material.symbols, random)->symbol(random, std::max(20, width / 2));
  else if (kind < .9)
    cover = make_words(material, random,
                       std::max(12, static_cast<int>(width * between(random, .12, .4))));
  else
    cover = shape(random, width, std::max(10, static_cast<int>(width * between(random, .2, .8))));
  if (cover.empty()) return {};
  const Colour3 ink = chance(random, .7) ? Colour3{1, 1, 1} : any_colour(random);
  Sprite s = plain(std::move(cover), ink);
  if (chance(random, .25)) s = dressed(std::move(s), random, std::max(10, s.alpha.height / 3));
  return faint(std::move(s));
}

Sprite make_text_line(const Material& material, Random& random, int size) {
  const int height = 7 + random.below(std::max(1, size / 12));
  const Typeface& face = *any(material.fonts, random);
  Field cover = make_small_line(face, random, height);
  if (cover.empty()) return {};
  if (chance(random, .3)) {
    const Field next = make_small_line(face, random, height);
    const int gap = std::max(2, height / 3), w = std::max(cover.width, next.width);
    Field both(w, cover.height + gap + next.height);
    for (int y = 0; y < cover.height; ++y)
      for (int x = 0; x < cover.width; ++x) both.at(x + (w - cover.width) / 2, y) = cover.at(x, y);
    for (int y = 0; y < next.height; ++y)
      for (int x = 0; x < next.width; ++x)
        both.at(x + (w - next.width) / 2, y + cover.height + gap) = next.at(x, y);
    cover = std::move(both);
  }
  const double tone = random.uniform();
  const Colour3 ink = tone < .75   ? Colour3{1, 1, 1}
                      : tone < .85 ? Colour3{1.f, static_cast<float>(between(random, .8, 1)), .1f}
                                   : any_colour(random);
  Sprite s = dressed(plain(std::move(cover), ink), random, height);
  if (chance(random, .4)) {  // shown smaller than it was drawn
    const Field soft = blurred(padded(s.alpha, 1), between(random, .2, .6));
    for (Field& c : s.colour) {
      Field wide(soft.width, soft.height, c.values[c.size() / 2]);
      for (int y = 0; y < c.height; ++y)
        for (int x = 0; x < c.width; ++x) wide.at(x + 1, y + 1) = c.at(x, y);
      c = std::move(wide);
    }
    s.alpha = soft;
  }
  const auto opacity = static_cast<float>(chance(random, .3) ? between(random, .3, .8) : 1.);
  for (float& a : s.alpha.values) a *= opacity;
  return s;
}

Sprite make_bar(const Material& material, Random& random, int size) {
  const int height = 9 + random.below(std::max(1, size / 6));
  const int width = static_cast<int>(size * (random.below(2) ? 2.2 : between(random, .4, 1.2)));
  const Colour3 back = chance(random, .5) ? Colour3{} : any_colour(random);
  Sprite bar = plain(Field(width, height, static_cast<float>(between(random, .4, 1))), back);
  Colour3 ink = any_colour(random);
  if (std::abs(back[1] - ink[1]) < .3f) ink = back[1] > .5f ? Colour3{} : Colour3{1, 1, 1};
  for (int n = 1 + random.below(3); n > 0; --n) {
    const Field cover = make_words(material, random,
                                   std::max(6, static_cast<int>(height * between(random, .4, .9))));
    const int x0 = random.below(width), y0 = (height - cover.height) / 2;
    for (int y = std::max(0, -y0); y < std::min(cover.height, height - y0); ++y)
      for (int x = 0; x < std::min(cover.width, width - x0); ++x) {
        const float a = cover.at(x, y);
        float& under = bar.alpha.at(x + x0, y + y0);
        under += a * (1 - under);
        for (std::size_t k = 0; k < 3; ++k) {
          float& c = bar.colour[k].at(x + x0, y + y0);
          c += a * (ink[k] - c);
        }
      }
  }
  return bar;
}

}  // namespace cleanplate::train
