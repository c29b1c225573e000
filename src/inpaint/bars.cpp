#include "inpaint/bars.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace cleanplate {

namespace {

constexpr int black = 24;     // 8-bit levels, at most
constexpr int even = 3;       // 8-bit levels that a bar's samples are off its middle…
constexpr double most = .9;   // …so many of them; the hole's ringing may spoil the rest
constexpr int brighter = 8;   // 8-bit levels that the picture is, at the same share of places
constexpr int mixed = 3;      // rows between the two that are of both…
constexpr int further = 2;    // …which are darker than what is so far on
constexpr double share = .7;  // of that, from which on a row is the picture's
constexpr int enough = 8;     // known samples in a row

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// Known luma samples of one row or column.
void known_in(const CropPlane& luma, const HoleMask& hole, bool row, int number,
              std::vector<int>& out) {
  out.clear();
  for (int k = 0; k < (row ? luma.width : luma.height); ++k) {
    const std::size_t i = at(row ? number * luma.width + k : k * luma.width + number);
    if (!hole.values[i]) out.push_back(luma.samples[i]);
  }
}

int middle_of(const std::vector<int>& known, std::vector<int>& values) {
  values = known;
  const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), half, values.end());
  return *half;
}

template <class Is>
bool mostly(const std::vector<int>& values, Is&& is) {
  return static_cast<double>(std::count_if(values.begin(), values.end(), is)) >=
         most * static_cast<double>(values.size());
}

/// Rows (columns) that are a bar, from the first or the last on, with those that are partly.
int bar_from(const CropPlane& luma, const HoleMask& hole, bool row, bool first, int unit,
             BarLines& lines) {
  const int count = row ? luma.height : luma.width;
  const auto read = [&](int k, std::vector<int>& into) {
    known_in(luma, hole, row, first ? k : count - 1 - k, into);
  };
  const auto middle = [&](const std::vector<int>& known) { return middle_of(known, lines.sorted); };
  int n = 0, level = 0;
  for (; n < count; ++n) {
    std::vector<int>& known = lines.here;
    read(n, known);
    if (known.size() < at(enough)) return 0;
    if (n == 0) level = middle(known);
    if (level > black * unit) return 0;
    if (!mostly(known, [&](int v) { return std::abs(v - level) <= even * unit; })) break;
  }
  if (n == 0) return 0;
  for (int k = n; k <= n + mixed && k + further < count; ++k) {
    std::vector<int>&here = lines.here, &beyond = lines.beyond;
    read(k, here), read(k + further, beyond);
    if (here.size() < at(enough) || beyond.size() < at(enough)) return 0;
    if (mostly(here, [&](int v) { return v > level + brighter * unit; }) &&
        middle(here) - level > share * (middle(beyond) - level))
      return k;
  }
  return 0;
}

struct Extent {
  int x0, y0, x1, y1;
};
Extent extent_inside(const Bars::Sides& s, int width, int height) {
  return {s.left, s.top, width - s.right, height - s.bottom};
}

template <class T>
std::vector<T> cut(const std::vector<T>& from, int width, const Extent& e) {
  std::vector<T> out;
  for (int y = e.y0; y < e.y1; ++y)
    out.insert(out.end(), from.begin() + y * width + e.x0, from.begin() + y * width + e.x1);
  return out;
}

}  // namespace

Bars bars_of(const Crop& crop, const HoleMasks& holes, PixelFormat format, BarLines& lines) {
  Bars out;
  const CropPlane& luma = crop.planes[0];
  const HoleMask& hole = holes[0];
  const int unit = 1 << (format.bits - 8);
  const auto from = [&](bool row, bool first) {
    return bar_from(luma, hole, row, first, unit, lines);
  };
  Bars::Sides s{from(false, true), from(true, true), from(false, false), from(true, false)};
  bool left = false, top = false, right = false, bottom = false;
  for (int y = 0; y < hole.height; ++y)
    for (int x = 0; x < hole.width; ++x)
      if (hole.values[at(y * hole.width + x)])
        left |= x < s.left, top |= y < s.top, right |= x >= hole.width - s.right,
            bottom |= y >= hole.height - s.bottom;
  s = {left ? s.left : 0, top ? s.top : 0, right ? s.right : 0, bottom ? s.bottom : 0};
  for (int c = 0; c < format.components(); ++c) {
    const int sx = c ? format.chroma_shift_x() : 0, sy = c ? format.chroma_shift_y() : 0;
    out.sides[at(c)] = {(s.left + sx) >> sx, (s.top + sy) >> sy, (s.right + sx) >> sx,
                        (s.bottom + sy) >> sy};
  }
  return out;
}

Crop inside(const Bars& bars, const Crop& crop) {
  Crop out;
  for (std::size_t c = 0; c < 3; ++c) {
    const CropPlane& p = crop.planes[c];
    const Extent e = extent_inside(bars.sides[c], p.width, p.height);
    if (p.width) out.planes[c] = {e.x1 - e.x0, e.y1 - e.y0, cut(p.samples, p.width, e)};
  }
  return out;
}

HoleMasks inside(const Bars& bars, const HoleMasks& holes) {
  HoleMasks out;
  for (std::size_t c = 0; c < 3; ++c) {
    const HoleMask& h = holes[c];
    const Extent e = extent_inside(bars.sides[c], h.width, h.height);
    if (h.width) out[c] = {e.x1 - e.x0, e.y1 - e.y0, cut(h.values, h.width, e)};
  }
  return out;
}

void lay_inside(const Bars& bars, const Crop& part, Crop& crop) {
  for (std::size_t c = 0; c < 3; ++c) {
    const CropPlane& from = part.planes[c];
    CropPlane& to = crop.planes[c];
    for (int y = 0; y < from.height; ++y)
      std::copy_n(from.samples.begin() + y * from.width, from.width,
                  to.samples.begin() + (y + bars.sides[c].top) * to.width + bars.sides[c].left);
  }
}

void draw(const Bars& bars, const HoleMasks& holes, Crop& crop, BarLines& lines) {
  for (std::size_t c = 0; c < 3; ++c) {
    CropPlane& p = crop.planes[c];
    const HoleMask& hole = holes[c];
    const Extent e = extent_inside(bars.sides[c], p.width, p.height);
    const auto line = [&](bool row, int number) {
      known_in(p, hole, row, number, lines.here);
      if (lines.here.empty()) return;
      const auto colour = static_cast<std::uint16_t>(middle_of(lines.here, lines.sorted));
      for (int k = 0; k < (row ? p.width : p.height); ++k)
        if (const std::size_t i = at(row ? number * p.width + k : k * p.width + number);
            hole.values[i])
          p.samples[i] = colour;
    };
    for (int x = 0; x < p.width; ++x)
      if (x < e.x0 || x >= e.x1) line(false, x);
    for (int y = 0; y < p.height; ++y)
      if (y < e.y0 || y >= e.y1) line(true, y);
  }
}

}  // namespace cleanplate
