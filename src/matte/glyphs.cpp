#include "matte/glyphs.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "detect/components.h"

namespace cleanplate {

namespace {

constexpr float nearly_luma = 40;  // levels off a paint, beside what has it
constexpr int speck = 3;           // samples of paint that hang together, and are no glyph

/// Leaves out what hangs together in fewer samples than a glyph has, or most of which is not
/// `good`.
void drop_strangers(std::vector<std::uint8_t>& set, const std::vector<std::uint8_t>& good,
                    int width) {
  Field map(width, static_cast<int>(set.size()) / width);
  for (std::size_t i = 0; i < set.size(); ++i) map.values[i] = set[i];
  for (const Component& part : components(map, 0)) {
    const auto fits = std::count_if(part.samples.begin(), part.samples.end(),
                                    [&](std::size_t i) { return good[i] != 0; });
    if (part.samples.size() > speck && 2 * fits >= std::ssize(part.samples)) continue;
    for (const std::size_t i : part.samples) set[i] = 0;
  }
}

}  // namespace

LevelPicture::LevelPicture(PixelFormat format, const std::array<Box, 3>& boxes,
                           const std::array<const std::uint16_t*, 3>& samples)
    : width(boxes[0].width), height(boxes[0].height) {
  const int down = format.bits - 8;
  for (std::size_t c = 0; c < 3; ++c) {
    planes[c].assign(static_cast<std::size_t>(boxes[0].area()), 128);
    if (!samples[c]) continue;
    const int sx = c ? format.chroma_shift_x() : 0, sy = c ? format.chroma_shift_y() : 0;
    std::uint8_t* to = planes[c].data();
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        *to++ = static_cast<std::uint8_t>(
            samples[c][std::ptrdiff_t{y >> sy} * boxes[c].width + (x >> sx)] >> down);
  }
}

bool LevelPicture::has(std::size_t i, const TextPaint& paint) const {
  const auto off = [&](std::size_t c) {
    return std::abs(static_cast<float>(planes[c][i]) - paint.colour[c]);
  };
  return off(0) <= paint.luma && off(1) <= paint.chroma && off(2) <= paint.chroma;
}

std::vector<std::uint8_t> distances(const std::vector<std::uint8_t>& set, int width, int far) {
  std::vector<std::uint8_t> out(set.size());
  const int height = static_cast<int>(set.size()) / std::max(1, width);
  for (std::size_t i = 0; i < set.size(); ++i)
    out[i] = set[i] ? std::uint8_t{0} : static_cast<std::uint8_t>(far);
  const auto nearer = [&](std::uint8_t& d, int x, int y) {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    const int there = out[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                          static_cast<std::size_t>(x)];
    d = static_cast<std::uint8_t>(std::min<int>(d, there + 1));
  };
  for (const int way : {-1, 1})
    for (int k = 0; k < height; ++k)
      for (int j = 0; j < width; ++j) {
        const int y = way < 0 ? k : height - 1 - k, x = way < 0 ? j : width - 1 - j;
        std::uint8_t& d = out[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                              static_cast<std::size_t>(x)];
        if (d <= 1) continue;
        nearer(d, x + way, y);
        for (int u = -1; u <= 1; ++u) nearer(d, x + u, y + way);
      }
  return out;
}

std::vector<std::uint8_t> strokes_of(const LevelPicture& picture, const TextPaint& paint) {
  TextPaint nearly = paint;
  nearly.luma = std::max(paint.luma, nearly_luma);
  std::vector<std::uint8_t> painted(picture.size()), bare(picture.size());
  for (std::size_t i = 0; i < painted.size(); ++i) painted[i] = picture.has(i, paint);
  // What coding made of a stroke hangs together with what it left as it was.
  for (int step = 0; step < paint.stroke; ++step) {
    const std::vector<std::uint8_t> away = distances(painted, picture.width, 2);
    for (std::size_t i = 0; i < painted.size(); ++i)
      if (away[i] == 1 && picture.has(i, nearly)) painted[i] = 1;
  }
  for (std::size_t i = 0; i < painted.size(); ++i) bare[i] = !painted[i];
  std::vector<std::uint8_t> deep = distances(bare, picture.width, paint.stroke + 2);
  for (std::uint8_t& d : deep) d = d > paint.stroke + 1;
  const std::vector<std::uint8_t> scene = distances(deep, picture.width, paint.stroke + 3);
  for (std::size_t i = 0; i < painted.size(); ++i)
    if (scene[i] <= paint.stroke + 1) painted[i] = 0;
  return painted;
}

std::vector<std::uint8_t> painted_text(const LevelPicture& picture, const TextLook& look) {
  std::vector<std::uint8_t> all(picture.size(), 0);
  std::vector<std::vector<std::uint8_t>> strokes;
  for (const TextPaint& paint : look.paints) strokes.push_back(strokes_of(picture, paint));
  for (std::size_t k = 0; k < strokes.size(); ++k) {
    const TextPaint& paint = look.paints[k];
    std::vector<std::uint8_t> good(picture.size(), 1), glyphs = strokes[k];
    if (paint.with >= 0) {
      good = distances(strokes[static_cast<std::size_t>(paint.with)], picture.width,
                       beside(paint) + 1);
      for (std::uint8_t& d : good) d = d <= beside(paint);
    }
    drop_strangers(glyphs, good, picture.width);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] |= glyphs[i];
  }
  const auto samples = static_cast<double>(std::count(all.begin(), all.end(), 1));
  if (samples < look.least * static_cast<double>(all.size())) all.assign(all.size(), 0);
  return all;
}

std::shared_ptr<const Mask> glyph_mask(const LevelPicture& picture, const TextLook& look,
                                       const Mask& within, const Box& place) {
  const std::vector<std::uint8_t> text = painted_text(picture, look);
  const std::vector<std::uint8_t> away = distances(text, picture.width, look.reach + 1);
  int left = picture.width, top = picture.height, right = 0, bottom = 0;
  const auto covered = [&](int x, int y) {
    return away[static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                static_cast<std::size_t>(x)] <= look.reach &&
           within.at(place.x + x, place.y + y) > 0;
  };
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x)
      if (covered(x, y)) {
        left = std::min(left, x), right = std::max(right, x + 1);
        top = std::min(top, y), bottom = std::max(bottom, y + 1);
      }
  if (right <= left) return nullptr;
  auto mask = std::make_shared<Mask>();
  mask->box = {place.x + left, place.y + top, right - left, bottom - top};
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x) mask->values.push_back(covered(x, y) ? 255 : 0);
  return mask;
}

}  // namespace cleanplate
