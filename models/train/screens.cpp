#include "screens.h"

#include <cleanplate/geometry.h>

#include <algorithm>

#include "draw.h"
#include "words.h"

namespace cleanplate::train {

namespace {

using Ink = std::array<float, 3>;

Ink grey(double v) { return {static_cast<float>(v), static_cast<float>(v), static_cast<float>(v)}; }

Ink paper(Random& random) {
  const double kind = random.uniform();
  if (kind < .45) return grey(between(random, .85, 1));
  if (kind < .7) return grey(between(random, 0, .2));
  if (kind < .8) return grey(random.uniform());
  Ink out;
  for (float& c : out) c = static_cast<float>(random.uniform());
  return out;
}

/// That can be read on `ground`.
Ink ink_on(const Ink& ground, Random& random) {
  const bool dark = ground[1] > .5f;
  if (chance(random, .75)) return grey(dark ? between(random, 0, .4) : between(random, .6, 1));
  Ink out;
  for (float& c : out)
    c = static_cast<float>(dark ? between(random, 0, .6) : between(random, .3, 1));
  return out;
}

void fill(Canvas& rgb, const Box& at, const Ink& ink, float cover = 1) {
  const Box here = at.intersect({0, 0, rgb[0].width, rgb[0].height});
  for (int y = here.y; y < here.bottom(); ++y)
    for (int x = here.x; x < here.right(); ++x)
      for (std::size_t k = 0; k < 3; ++k) {
        float& v = rgb[k].at(x, y);
        v += cover * (ink[k] - v);
      }
}

/// Cut off at the right side of `within`.
void write(Canvas& rgb, const Field& words, int x0, int y0, const Box& within, const Ink& ink) {
  for (int y = 0; y < words.height; ++y)
    for (int x = 0; x < words.width; ++x)
      if (x0 + x < within.right() && y0 + y < within.bottom())
        fill(rgb, {x0 + x, y0 + y, 1, 1}, ink, words.at(x, y));
}

/// Lines of words, one below the other, with headings and icons as it comes.
void put_column(const Material& material, Random& random, Canvas& rgb, const Box& in,
                const Ink& ground) {
  const Ink ink = ink_on(ground, random), strong = ink_on(ground, random);
  const int height = 6 + random.below(11), gap = 1 + random.below(height),
            margin = 2 + random.below(10);
  const bool icons = chance(random, .2), dense = chance(random, .6), rules = chance(random, .2);
  for (int y = in.y + margin; y + height < in.bottom();) {
    const bool heading = chance(random, .1);
    const int tall = heading ? height * 2 : height;
    int x = in.x + margin;
    if (icons && !material.symbols.empty()) {
      const Field icon = any(material.symbols, random)->symbol(random, tall + 4);
      write(rgb, icon, x, y, in, strong);
      x += tall + 8;
    }
    const double end = x + (in.right() - x) * between(random, .3, 1);
    do {
      const Field words = make_words(material, random, tall);
      if (words.empty()) break;
      write(rgb, words, x, y, in, heading ? strong : ink);
      x += words.width + std::max(2, tall / 3);
    } while (dense && x < end);
    if (rules) fill(rgb, {in.x, y + tall + gap / 2, in.width, 1}, strong, .4f);
    y += tall + gap + (chance(random, .15) ? 2 * height : 0);
  }
}

/// Words in a row, as a menu or a bar of tabs has them.
void put_bar(const Material& material, Random& random, Canvas& rgb, const Box& in,
             const Ink& ground) {
  const Ink ink = ink_on(ground, random);
  const int height = std::max(5, in.height / 2), apart = 6 + random.below(40);
  for (int x = in.x + 4 + random.below(20); x < in.right();) {
    const Field words = make_words(material, random, height);
    if (words.empty()) break;
    write(rgb, words, x, in.y + (in.height - words.height) / 2, in, ink);
    x += words.width + apart;
  }
}

void put_window(const Material& material, Random& random, Canvas& rgb, const Box& at) {
  const Ink ground = paper(random);
  if (chance(random, .3)) fill(rgb, {at.x + 3, at.y + 3, at.width, at.height}, {}, .3f);
  fill(rgb, at, ground);
  Box inner = at;
  if (chance(random, .6)) {
    const Ink head = chance(random, .5) ? paper(random) : ground;
    const Box bar{at.x, at.y, at.width, 8 + random.below(22)};
    fill(rgb, bar, head);
    put_bar(material, random, rgb, bar, head);
    inner.y += bar.height, inner.height -= bar.height;
  }
  if (chance(random, .3)) {
    const Ink beside = paper(random);
    const Box menu{inner.x, inner.y, static_cast<int>(inner.width * between(random, .1, .35)),
                   inner.height};
    fill(rgb, menu, beside);
    put_column(material, random, rgb, menu, beside);
    inner.x += menu.width, inner.width -= menu.width;
  }
  if (chance(random, .9)) put_column(material, random, rgb, inner, ground);
  if (chance(random, .4)) {
    const Ink line = ink_on(ground, random);
    fill(rgb, {at.x, at.y, at.width, 1}, line), fill(rgb, {at.x, at.y, 1, at.height}, line);
    fill(rgb, {at.x, at.bottom() - 1, at.width, 1}, line);
    fill(rgb, {at.right() - 1, at.y, 1, at.height}, line);
  }
}

}  // namespace

void put_screen(const Material& material, Random& random, Canvas& rgb) {
  const int size = rgb[0].width;
  if (chance(random, .6)) fill(rgb, {0, 0, size, size}, paper(random));
  for (int n = 1 + random.below(4); n > 0; --n) {
    const int w = static_cast<int>(size * between(random, .4, 2)),
              h = static_cast<int>(size * between(random, .3, 2));
    put_window(
        material, random, rgb,
        {random.below(size + w / 2) - 3 * w / 4, random.below(size + h / 2) - 3 * h / 4, w, h});
  }
  if (!chance(random, .5)) return;
  const double sigma = between(random, .25, .9);  // shown smaller than it was
  for (Field& plane : rgb) plane = blurred(plane, sigma);
}

}  // namespace cleanplate::train
