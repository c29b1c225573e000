#include "samples.h"

#include <algorithm>
#include <cmath>

#include "canvas.h"
#include "draw.h"
#include "scenery.h"
#include "screens.h"
#include "sprites.h"
#include "words.h"

namespace cleanplate::train {

void blend(Canvas& onto, const Field& alpha, const Canvas& colour, int x0, int y0) {
  for (int y = std::max(0, -y0); y < alpha.height && y + y0 < onto[0].height; ++y)
    for (int x = std::max(0, -x0); x < alpha.width && x + x0 < onto[0].width; ++x) {
      const float a = alpha.at(x, y);
      for (std::size_t k = 0; k < 3; ++k) {
        float& v = onto[k].at(x + x0, y + y0);
        v = a * colour[k].at(x, y) + (1 - a) * v;
      }
    }
}

namespace {

Canvas plain_scene(Random& random, int size) {
  Canvas out;
  for (Field& plane : out) {
    plane = Field(size, size);
    const auto a = static_cast<float>(random.uniform()),
               b = static_cast<float>(between(random, -.5, .5) / size),
               c = static_cast<float>(between(random, -.5, .5) / size);
    for (int y = 0; y < size; ++y)
      for (int x = 0; x < size; ++x)
        plane.at(x, y) =
            std::clamp(a + b * static_cast<float>(x) + c * static_cast<float>(y), 0.f, 1.f);
  }
  return out;
}

Canvas scene(const Material& material, Random& random, int size) {
  const double kind = random.uniform();
  if (kind < .06) return plain_scene(random, size);
  const Picture& from = kind < .5   ? any(material.photographs, random)
                        : kind < .8 ? any(material.frames, random)
                                    : any(material.means, random);
  const int least = std::min(from.size.width, from.size.height);
  const double most = std::min(3., static_cast<double>(least) / size);
  const double scale = std::min(most, .75 * std::pow(std::max(1., most / .75), random.uniform()));
  const double room_x = std::max(0., from.size.width - size * scale),
               room_y = std::max(0., from.size.height - size * scale);
  Canvas out = crop(from, room_x * random.uniform(), room_y * random.uniform(), scale, size,
                    random.below(2));
  const double sigma = chance(random, .5) ? 0 : between(random, .3, 2);
  const bool bright = chance(random, .12);  // snow, sky, paper: where white marks hardly show
  const auto gain =
                 static_cast<float>(bright ? between(random, .3, .7) : between(random, .6, 1.25)),
             lift =
                 static_cast<float>(bright ? between(random, .15, .3) : between(random, -.1, .1));
  const auto saturation = static_cast<float>(chance(random, .1) ? 0 : between(random, .5, 1.3));
  for (std::size_t i = 0; i < out[0].size(); ++i) {
    const float y =
        .2126f * out[0].values[i] + .7152f * out[1].values[i] + .0722f * out[2].values[i];
    for (Field& plane : out)
      plane.values[i] =
          std::clamp((y + (plane.values[i] - y) * saturation - .5f) * gain + .5f + lift, 0.f, 1.f);
  }
  for (Field& plane : out) plane = blurred(plane, sigma);
  return out;
}

/// By four corners moved at will.
Field in_perspective(const Field& flat, Random& random) {
  const double far = between(random, .55, 1), shear = between(random, -.6, .6),
               squeeze = between(random, .4, 1);
  const int w = std::max(4, static_cast<int>(flat.width * squeeze)),
            h = flat.height + static_cast<int>(std::abs(shear) * w) + 2;
  Field out(w, h);
  for (int x = 0; x < w; ++x) {
    const double t = static_cast<double>(x) / w, size = 1 - (1 - far) * t;
    const double top = (shear > 0 ? shear * x : -shear * (w - x)) + flat.height * (1 - size) / 2;
    for (int y = 0; y < h; ++y) {
      const double fy = (y - top) / size, fx = t * flat.width;
      if (fy < 0 || fy > flat.height - 1) continue;
      const int iy = static_cast<int>(fy), ix = static_cast<int>(fx);
      const auto r = static_cast<float>(fy - iy), q = static_cast<float>(fx - ix);
      out.at(x, y) = (flat.clamped(ix, iy) * (1 - r) + flat.clamped(ix, iy + 1) * r) * (1 - q) +
                     (flat.clamped(ix + 1, iy) * (1 - r) + flat.clamped(ix + 1, iy + 1) * r) * q;
    }
  }
  return random.below(3) ? out : turned(out, between(random, -.5, .5));
}

/// A sign: words in the scene, soft and lit as it is.
void put_sign(const Material& material, Random& random, Canvas& rgb) {
  const int size = rgb[0].width;
  Field ink = make_words(material, random, 8 + random.below(48));
  if (ink.empty()) return;
  const bool slanted = chance(random, .75);
  if (slanted) ink = in_perspective(ink, random);
  // What faces the camera squarely is told from an overlay by its softness alone.
  const double sigma = slanted ? between(random, .5, 2.2) : between(random, 1.2, 2.6);
  const int x0 = random.below(size) - ink.width / 2, y0 = random.below(size) - ink.height / 2;
  const bool board = random.below(2);
  float light = 0;
  for (int y = 0; y < ink.height; ++y)
    for (int x = 0; x < ink.width; ++x) light += rgb[1].clamped(x + x0, y + y0);
  light = std::clamp(light / static_cast<float>(ink.size()) * 1.6f + .08f, 0.f, 1.f);
  Canvas colour;
  const bool dark = random.below(2);
  for (Field& c : colour)
    c = Field(ink.width, ink.height,
              light * static_cast<float>(dark ? between(random, 0, .35) : between(random, .6, 1)));
  Canvas painted = rgb;
  if (board) {
    const int pad = 3 + random.below(8);
    Canvas back;
    for (Field& c : back)
      c = Field(ink.width + 2 * pad, ink.height + 2 * pad,
                light * static_cast<float>(dark ? between(random, .5, 1) : between(random, 0, .5)));
    blend(painted, Field(ink.width + 2 * pad, ink.height + 2 * pad, 1), back, x0 - pad, y0 - pad);
  }
  blend(painted, ink, colour, x0, y0);
  // Soft where it was painted; the scene has its own softness.
  for (std::size_t k = 0; k < 3; ++k) {
    const Field soft = blurred(painted[k], sigma);
    const int pad = 14;
    for (int y = std::max(0, y0 - pad); y < std::min(size, y0 + ink.height + pad); ++y)
      for (int x = std::max(0, x0 - pad); x < std::min(size, x0 + ink.width + pad); ++x)
        if (painted[k].at(x, y) != rgb[k].at(x, y) ||
            std::abs(soft.at(x, y) - painted[k].at(x, y)) > .01f)
          rgb[k].at(x, y) = soft.at(x, y);
  }
}

/// Windows, poles, a grid: edges that belong to the scene.
void put_edges(Random& random, Canvas& rgb) {
  const int size = rgb[0].width;
  Canvas painted = rgb;
  const int nx = 1 + random.below(5), ny = 1 + random.below(5), w = 3 + random.below(40),
            h = 3 + random.below(60);
  const int gx = w + 2 + random.below(20), gy = h + 2 + random.below(20), x0 = random.below(size),
            y0 = random.below(size);
  Canvas colour;
  for (Field& c : colour) c = Field(w, h, static_cast<float>(random.uniform()));
  const Field cover(w, h, static_cast<float>(between(random, .4, 1)));
  const double slant = chance(random, .5) ? 0 : between(random, -.4, .4);
  for (int i = 0; i < nx; ++i)
    for (int j = 0; j < ny; ++j)
      blend(painted, cover, colour, x0 + i * gx, y0 + j * gy + static_cast<int>(slant * i * gx));
  const double sigma = between(random, .3, 1.4);
  for (std::size_t k = 0; k < 3; ++k) rgb[k] = blurred(painted[k], sigma);
}

/// Letterbox bars, or another picture beyond a straight line.
void put_border(const Material& material, Random& random, Canvas& rgb) {
  const int size = rgb[0].width, at = random.below(size);
  const bool across = random.below(2), before = random.below(2), split = random.below(2);
  const int line = split ? random.below(5) : 0;
  Canvas other;
  if (split) other = scene(material, random, size);
  const auto bar = static_cast<float>(random.below(4) ? 0 : random.uniform());
  const auto ink = static_cast<float>(random.below(3) ? random.below(2) : random.uniform());
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x) {
      const int d = (across ? y : x) - at;
      if (before ? d >= 0 : d < 0) continue;
      for (std::size_t k = 0; k < 3; ++k)
        rgb[k].at(x, y) = (before ? -d <= line : d < line) ? ink : split ? other[k].at(x, y) : bar;
    }
}

/// What an overlay changes, in code values.
float difference(const Canvas& a, const Canvas& b, std::size_t i) {
  return 255 * std::max({std::abs(a[0].values[i] - b[0].values[i]),
                         .7f * std::abs(a[1].values[i] - b[1].values[i]),
                         .7f * std::abs(a[2].values[i] - b[2].values[i])});
}

void mark_cells(const Canvas& before, const Canvas& after, int size, Sample& out) {
  const int cells = size / 4;
  Field most(cells, cells);
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x) {
      float& cell = most.at(x / 4, y / 4);
      cell = std::max(cell, difference(before, after, before[0].index(x, y)));
    }
  const Field near = dilated(most, 1);
  out.target.assign(most.size(), 0);
  out.weight.assign(most.size(), 1);
  for (std::size_t i = 0; i < most.size(); ++i) {
    if (most.values[i] > 6)
      out.target[i] = 1;
    else if (near.values[i] > 6)
      out.target[i] = 1, out.weight[i] = .3f;  // grown, so that letters become one
    else if (near.values[i] > 1)
      out.weight[i] = 0;  // too faint to ask for
  }
}

}  // namespace

Canvas make_scene(const Material& material, Random& random, int size) {
  Canvas rgb = scene(material, random, size);
  if (chance(random, .3))
    for (int n = 1 + random.below(3); n > 0; --n) put_sign(material, random, rgb);
  if (chance(random, .13)) put_edges(random, rgb);
  if (chance(random, .09)) put_stems(random, rgb);
  if (chance(random, .09)) put_leaves(random, rgb);
  if (chance(random, .14)) put_objects(material, random, rgb);
  if (chance(random, .07)) put_lines(random, rgb);
  if (chance(random, .18)) rgb = smeared(rgb, between(random, -40, 40), between(random, -25, 25));
  if (chance(random, .12)) put_border(material, random, rgb);
  return rgb;
}

Sample make_sample(const Material& material, std::uint64_t number, int size) {
  Random random(Random(number ^ 0x5851f42d4c957f2dU).next());
  Canvas rgb_scene = make_scene(material, random, size);
  const bool screen = chance(random, .1);
  if (screen) put_screen(material, random, rgb_scene);
  Canvas ycc = to_ycc(rgb_scene);
  const Canvas before = ycc;
  if (chance(random, screen ? .2 : .58))
    for (int n = chance(random, .7) ? 1 : 2 + random.below(2); n > 0; --n) {
      const int room = static_cast<int>(14 * std::pow(18., random.uniform()));
      const double kind = random.uniform();
      Sprite s = kind < .22   ? make_faint_mark(material, random, size)
                 : kind < .36 ? make_text_line(material, random, size)
                 : kind < .42 ? make_bar(material, random, size)
                              : make_sprite(material, random, room);
      if (s.empty()) continue;
      s.colour = to_ycc(s.colour);
      blend(ycc, s.alpha, s.colour, random.below(size) - s.alpha.width / 2,
            random.below(size) - s.alpha.height / 2);
    }
  Sample out;
  mark_cells(before, ycc, size, out);

  halve_chroma(ycc);
  ycc = degraded(ycc, random);
  for (std::size_t k = 1; k < 3; ++k) ycc[k] = enlarged(ycc[k], {size, size});
  const Canvas rgb = to_rgb(ycc);
  for (const Field& plane : rgb)
    out.rgb.insert(out.rgb.end(), plane.values.begin(), plane.values.end());
  return out;
}

}  // namespace cleanplate::train
