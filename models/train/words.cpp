#include "words.h"

#include <algorithm>
#include <string_view>

#include "draw.h"

namespace cleanplate::train {

namespace {

std::u32string digits(Random& random, int n) {
  std::u32string out;
  for (int i = 0; i < n; ++i) out += static_cast<char32_t>(U'0' + random.below(10));
  return out;
}

std::u32string letters(Random& random, int n, bool capitals) {
  // By how often they come in English, so that words look like words.
  static constexpr std::u32string_view pool = U"eeeeetttaaaooiinnsshhrrddllcummwfgypbvk";
  std::u32string out;
  for (int i = 0; i < n; ++i) {
    char32_t c = pool[static_cast<std::size_t>(random.below(static_cast<int>(pool.size())))];
    if (capitals || (i == 0 && random.below(2))) c = c - U'a' + U'A';
    out += c;
  }
  return out;
}

std::u32string clock_text(Random& random) {
  std::u32string out = digits(random, 2) + U":" + digits(random, 2);
  if (random.below(3)) out += U":" + digits(random, 2);
  if (random.below(2)) out += (random.below(2) ? U":" : U".") + digits(random, 2);
  if (!random.below(4))
    out = digits(random, 4) + U"-" + digits(random, 2) + U"-" + digits(random, 2) + U" " + out;
  return out;
}

std::u32string any_text(Random& random) {
  static const std::u32string known[] = {
      U"LIVE",   U"REC",     U"NEWS",   U"TV",          U"HD",    U"4K",
      U"SPORT",  U"PREVIEW", U"SAMPLE", U"DEMO",        U"CAM 1", U"CH 2",
      U"REPLAY", U"DRAFT",   U"PROOF",  U"\u00a9 2024", U"www.",  U"CONFIDENTIAL"};
  const int kind = random.below(10);
  if (kind == 0) return clock_text(random);
  if (kind == 1) return known[random.below(static_cast<int>(std::size(known)))];
  if (kind == 2) return U"@" + letters(random, 4 + random.below(9), false);
  if (kind == 3)
    return letters(random, 4 + random.below(8), false) + (random.below(2) ? U".com" : U".tv");
  if (kind == 4)
    return letters(random, 2 + random.below(3), true) + digits(random, 1 + random.below(2));
  const bool capitals = random.below(2);
  std::u32string out;
  for (int words = 1 + random.below(kind > 7 ? 5 : 2); words > 0; --words)
    out += letters(random, 2 + random.below(8), capitals) + (words > 1 ? U" " : U"");
  return out;
}

/// The text's letters in another script that the font has: Han, Hangul, kana, Cyrillic, Greek.
std::u32string translated(std::u32string text, const Typeface& face, Random& random) {
  struct Script {
    char32_t first;
    int letters;
    double often;
  };
  static constexpr Script scripts[] = {{0x4e00, 0x3000, .6},
                                       {0xac00, 0x2ba0, .8},
                                       {0x3042, 80, .3},
                                       {0x410, 64, .12},
                                       {0x3b1, 25, .06}};
  for (const Script& script : scripts) {
    if (!face.has(script.first) || !chance(random, script.often)) continue;
    for (char32_t& c : text)
      if ((c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'))
        c = script.first + static_cast<char32_t>(random.below(script.letters));
    return text;
  }
  return text;
}

/// The mean of a counting clock: what stays of it over time.
Field counted(const Typeface& face, Random& random, int height) {
  const std::u32string text = clock_text(random);
  const int running = 1 + random.below(5);  // digits from the right that change
  Field mean = face.line(text, height);
  constexpr int times = 6;
  Field sum(mean.width, mean.height);
  for (int t = 0; t < times; ++t) {
    std::u32string now = text;
    int left = running;
    for (std::size_t i = now.size(); i-- > 0 && left > 0;)
      if (now[i] >= U'0' && now[i] <= U'9') now[i] = digits(random, 1)[0], --left;
    const Field line = face.line(now, height);
    for (int y = 0; y < std::min(sum.height, line.height); ++y)
      for (int x = 0; x < std::min(sum.width, line.width); ++x)
        sum.at(x, y) += line.at(x, y) / times;
  }
  return sum;
}

}  // namespace

Field make_words(const Material& material, Random& random, int height) {
  const Typeface& face = *any(material.fonts, random);
  if (!random.below(9)) return counted(face, random, height);
  const int spacing = random.below(4) ? 0 : random.below(std::max(1, height / 4));
  Field first = face.line(translated(any_text(random), face, random), height, spacing);
  if (first.empty() || random.below(6)) return first;
  const Field second =
      face.line(any_text(random), height - random.below(std::max(1, height / 3)), spacing);
  const int gap = height / 4;
  Field both(std::max(first.width, second.width), first.height + gap + second.height);
  const int left = random.below(2) ? 0 : (both.width - second.width) / 2;
  for (int y = 0; y < first.height; ++y)
    for (int x = 0; x < first.width; ++x) both.at(x, y) = first.at(x, y);
  for (int y = 0; y < second.height; ++y)
    for (int x = 0; x < second.width && x + left < both.width; ++x)
      both.at(x + left, y + first.height + gap) = second.at(x, y);
  return both;
}

Field make_small_line(const Typeface& face, Random& random, int height) {
  std::u32string text;
  if (chance(random, .35))
    text = clock_text(random);
  else
    for (int n = 2 + random.below(6); n > 0; --n)
      text += letters(random, 1 + random.below(8), false) + (n > 1 ? U" " : U"");
  return face.line(translated(std::move(text), face, random), height);
}

}  // namespace cleanplate::train
