#include "marks.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "font.h"

namespace demo {

namespace {
constexpr int fine = 4;  // subsamples each way, against jagged edges

/// Whether a point of the mark's unit picture (height 1, width 3) is inside.
bool inside_mark(float u, float v) {
  const float dx = u - .5f, dy = v - .5f, r = std::sqrt(dx * dx + dy * dy);
  if (r > .36f && r < .47f) return true;
  if (dx > -.13f && dx < .2f && std::fabs(dy) < (.2f - dx) * .62f) return true;
  constexpr float dot_size = .078f;
  return dot("DEMO", static_cast<int>(std::floor((u - 1.08f) / dot_size)),
             static_cast<int>(std::floor((v - .23f) / dot_size)));
}

/// Binomial 3×3 over the coverage: the edge of a real mark is soft.
void soften(Drawing& drawing) {
  const Drawing sharp = drawing;
  const auto a = [&](int x, int y) {
    return x < 0 || y < 0 || x >= sharp.width || y >= sharp.height ? 0.f : sharp.at(x, y).a;
  };
  for (int y = 0; y < drawing.height; ++y)
    for (int x = 0; x < drawing.width; ++x) {
      float sum = 0;
      for (int j = -1; j <= 1; ++j)
        for (int i = -1; i <= 1; ++i)
          sum += a(x + i, y + j) * static_cast<float>((2 - std::abs(i)) * (2 - std::abs(j)));
      drawing.at(x, y).a = sum / 16;
    }
}

Drawing blank(int width, int height) {
  Drawing drawing;
  drawing.width = width;
  drawing.height = height;
  drawing.dots.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  return drawing;
}
}  // namespace

Drawing draw_channel_mark(int width) {
  Drawing drawing = blank(width, (width + 2) / 3);
  const float step = 1.f / static_cast<float>(drawing.height * fine);
  for (int y = 0; y < drawing.height; ++y)
    for (int x = 0; x < width; ++x) {
      int covered = 0;
      for (int j = 0; j < fine; ++j)
        for (int i = 0; i < fine; ++i)
          covered += inside_mark((static_cast<float>(x * fine + i) + .5f) * step,
                                 (static_cast<float>(y * fine + j) + .5f) * step);
      drawing.at(x, y) = {1, 1, 1, static_cast<float>(covered) / (fine * fine)};
    }
  soften(drawing);
  return drawing;
}

Drawing draw_text(std::string_view line, int height) {
  // One dot of margin all around holds the outline.
  const float size = static_cast<float>(height) / (glyph_height + 2);
  const auto dots = static_cast<float>(line.size() * glyph_advance + 1);
  Drawing drawing = blank(static_cast<int>(std::ceil(size * dots)), height);
  const float outline = .45f;  // of a dot
  const auto set = [&](float u, float v) {
    return dot(line, static_cast<int>(std::floor(u)), static_cast<int>(std::floor(v)));
  };
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < drawing.width; ++x) {
      int white = 0, covered = 0;
      for (int j = 0; j < fine; ++j)
        for (int i = 0; i < fine; ++i) {
          const float u = (static_cast<float>(x) + (static_cast<float>(i) + .5f) / fine) / size - 1;
          const float v = (static_cast<float>(y) + (static_cast<float>(j) + .5f) / fine) / size - 1;
          const bool letter = set(u, v);
          bool dark = false;
          for (int k = 0; k < 8 && !letter && !dark; ++k) {
            constexpr float across[] = {1, .7f, 0, -.7f, -1, -.7f, 0, .7f};
            dark = set(u + outline * across[k], v + outline * across[(k + 6) % 8]);
          }
          white += letter;
          covered += letter || dark;
        }
      const float grey =
          covered ? .05f + .9f * static_cast<float>(white) / static_cast<float>(covered) : 0;
      drawing.at(x, y) = {grey, grey, grey, static_cast<float>(covered) / (fine * fine)};
    }
  return drawing;
}

std::string time_code(long long frame, int rate) {
  const long long seconds = frame / rate + 36754;  // starts at 10:12:34, as a tape would
  char text[64];
  std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld:%02lld", seconds / 3600 % 24,
                seconds / 60 % 60, seconds % 60, frame % rate);
  return text;
}

Drawing scaled(const Drawing& drawing, int width) {
  const double ratio = static_cast<double>(drawing.width) / width;
  Drawing out = blank(width, std::max(1, static_cast<int>(std::lround(drawing.height / ratio))));
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < width; ++x) {
      const double left = x * ratio, right = left + ratio, top = y * ratio, bottom = top + ratio;
      double r = 0, g = 0, b = 0, a = 0;
      for (int v = static_cast<int>(top); v < bottom && v < drawing.height; ++v)
        for (int u = static_cast<int>(left); u < right && u < drawing.width; ++u) {
          const Drawing::Dot& dot = drawing.at(u, v);
          const double share = (std::min(right, u + 1.) - std::max(left, double(u))) *
                               (std::min(bottom, v + 1.) - std::max(top, double(v))) * dot.a;
          r += share * dot.r, g += share * dot.g, b += share * dot.b, a += share;
        }
      if (a > 0)
        out.at(x, y) = {static_cast<float>(r / a), static_cast<float>(g / a),
                        static_cast<float>(b / a), static_cast<float>(a / (ratio * ratio))};
    }
  return out;
}

}  // namespace demo
