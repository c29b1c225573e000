#include "matte_samples.h"

#include <algorithm>
#include <cmath>

#include "canvas.h"
#include "draw.h"
#include "samples.h"
#include "sprites.h"

namespace cleanplate::train {

namespace {

// Limited, as most clips have it.
constexpr float range[] = {219.f / 255, 224.f / 255, 224.f / 255};

/// Mostly see-through: what is opaque needs no un-blending.
Sprite any_mark(const Material& material, Random& random, int size) {
  const double kind = random.uniform();
  const int room = static_cast<int>(16 * std::pow(size / 16., between(random, .4, 1)));
  const bool faint = kind < .4;
  Sprite s = faint        ? make_faint_mark(material, random, size)
             : kind < .47 ? make_text_line(material, random, size)
                          : make_sprite(material, random, room);
  if (s.empty()) return s;
  if (faint && chance(random, .5))
    for (Field& c : s.colour)
      std::fill(c.values.begin(), c.values.end(), static_cast<float>(random.uniform()));
  if (chance(random, .15)) return s;
  const float peak = *std::max_element(s.alpha.values.begin(), s.alpha.values.end());
  const auto wanted = static_cast<float>(between(random, .2, .7));
  for (float& a : s.alpha.values) a *= wanted / std::max(peak, .01f);
  return s;
}

/// How far the mark changes what it covers, 0…1: what nobody sees cannot be told.
float seen_by(const Canvas& ycc, const Sprite& s, int x0, int y0) {
  float sum = 0, n = 0;
  for (int y = std::max(0, -y0); y < s.alpha.height && y + y0 < ycc[0].height; ++y)
    for (int x = std::max(0, -x0); x < s.alpha.width && x + x0 < ycc[0].width; ++x) {
      const float a = s.alpha.at(x, y);
      float most = 0;
      for (std::size_t k = 0; k < 3; ++k)
        most = std::max(most, std::abs(s.colour[k].at(x, y) - ycc[k].at(x + x0, y + y0)));
      sum += a * a * most, n += a;
    }
  return n > 0 ? sum / n : 0;
}

/// The box that a user draws or a detector finds: round the mark, nearly.
Box told(const Field& alpha, int x0, int y0, Random& random, int size) {
  Box box;
  for (int y = 0; y < alpha.height; ++y)
    for (int x = 0; x < alpha.width; ++x)
      if (alpha.at(x, y) > .02f) box = box.unite({x + x0, y + y0, 1, 1});
  const int left = random.below(14) - 1, top = random.below(14) - 1;
  box = {box.x - left, box.y - top, box.width + left + random.below(14) - 1,
         box.height + top + random.below(14) - 1};
  return box.intersect({0, 0, size, size});
}

}  // namespace

MatteSample make_matte_sample(const Material& material, std::uint64_t number, int size) {
  Random random(Random(number ^ 0x2545f4914f6cdd1dU).next());
  const auto plane = static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
  Canvas ycc = to_ycc(make_scene(material, random, size));
  MatteSample out{{}, std::vector<float>(5 * plane), std::vector<float>(2 * plane)};
  Box box{random.below(size / 2), random.below(size / 2), 20 + random.below(size / 2),
          12 + random.below(size / 2)};
  Sprite s;
  int x0 = 0, y0 = 0;
  constexpr float plain = .05f;
  const int tries = chance(random, .04) ? 0 : 4;
  for (int n = 0; n < tries; ++n) {
    s = any_mark(material, random, size);
    if (s.empty()) continue;
    s.colour = to_ycc(s.colour);
    x0 = (size - s.alpha.width) / 2 + random.below(size / 2) - size / 4;
    y0 = (size - s.alpha.height) / 2 + random.below(size / 2) - size / 4;
    if (seen_by(ycc, s, x0, y0) > plain) break;
  }
  if (!s.empty()) {
    const Canvas bare = ycc;
    blend(ycc, s.alpha, s.colour, x0, y0);
    box = told(s.alpha, x0, y0, random, size);
    const float peak = *std::max_element(s.alpha.values.begin(), s.alpha.values.end());
    for (int y = std::max(0, -y0); y < s.alpha.height && y + y0 < size; ++y)
      for (int x = std::max(0, -x0); x < s.alpha.width && x + x0 < size; ++x) {
        const float a = s.alpha.at(x, y);
        const auto i = static_cast<std::size_t>(y + y0) * static_cast<std::size_t>(size) +
                       static_cast<std::size_t>(x + x0);
        // Half covered counts half; a shadow counts from a quarter of the mark's opacity on.
        out.target[i] = std::clamp((a - .01f) / (.45f * peak), 0.f, 1.f);
        out.target[plane + i] = a;
        out.weight[plane + i] = a > .6f * peak ? 1.f : 0.f;
        for (std::size_t k = 0; k < 3; ++k)
          out.target[(2 + k) * plane + i] = (ycc[k].values[i] - bare[k].values[i]) * range[k];
      }
  }
  halve_chroma(ycc);
  ycc = degraded(ycc, random);
  for (std::size_t k = 1; k < 3; ++k) ycc[k] = enlarged(ycc[k], {size, size});
  // Code values of limited range, as most clips have them.
  for (std::size_t k = 0; k < 3; ++k)
    for (float v : ycc[k].values)
      out.seen.push_back(k ? .5f + (v - .5f) * range[k] : 16.f / 255 + v * range[k]);
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x) {
      const bool in = box.contains(x, y);
      out.seen.push_back(in ? 1.f : 0.f);
      const auto i = static_cast<std::size_t>(y) * static_cast<std::size_t>(size) +
                     static_cast<std::size_t>(x);
      out.weight[i] = in ? 1.f : 0.f;
      if (!in) out.weight[plane + i] = 0;
    }
  return out;
}

}  // namespace cleanplate::train
