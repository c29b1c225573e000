#include "canvas.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cleanplate::train {

namespace {
float sampled(const Field& field, double x, double y) {
  const int ix = static_cast<int>(std::floor(x)), iy = static_cast<int>(std::floor(y));
  const auto fx = static_cast<float>(x - ix), fy = static_cast<float>(y - iy);
  const float top = field.clamped(ix, iy) * (1 - fx) + field.clamped(ix + 1, iy) * fx;
  const float low = field.clamped(ix, iy + 1) * (1 - fx) + field.clamped(ix + 1, iy + 1) * fx;
  return top * (1 - fy) + low * fy;
}
}  // namespace

Canvas crop(const Picture& picture, double x, double y, double scale, int size, bool mirrored) {
  Canvas out;
  for (Field& plane : out) plane = Field(size, size);
  const int taps = std::max(1, static_cast<int>(std::ceil(scale)));
  const int w = picture.size.width, h = picture.size.height;
  for (int oy = 0; oy < size; ++oy)
    for (int ox = 0; ox < size; ++ox) {
      float sum[3] = {0, 0, 0};
      for (int ty = 0; ty < taps; ++ty)
        for (int tx = 0; tx < taps; ++tx) {
          const double sx = x + (ox + (tx + .5) / taps) * scale - .5;
          const double sy = y + (oy + (ty + .5) / taps) * scale - .5;
          const int ix = static_cast<int>(std::floor(sx)), iy = static_cast<int>(std::floor(sy));
          const auto fx = static_cast<float>(sx - ix), fy = static_cast<float>(sy - iy);
          const int x0 = std::clamp(ix, 0, w - 1), x1 = std::clamp(ix + 1, 0, w - 1);
          const int y0 = std::clamp(iy, 0, h - 1), y1 = std::clamp(iy + 1, 0, h - 1);
          const auto *a = picture.at(x0, y0), *b = picture.at(x1, y0), *c = picture.at(x0, y1),
                     *d = picture.at(x1, y1);
          for (int k = 0; k < 3; ++k)
            sum[k] +=
                (static_cast<float>(a[k]) * (1 - fx) + static_cast<float>(b[k]) * fx) * (1 - fy) +
                (static_cast<float>(c[k]) * (1 - fx) + static_cast<float>(d[k]) * fx) * fy;
        }
      for (std::size_t k = 0; k < 3; ++k)
        out[k].at(mirrored ? size - 1 - ox : ox, oy) =
            sum[k] / (255.f * static_cast<float>(taps * taps));
    }
  return out;
}

Field blurred(const Field& field, double sigma) {
  if (sigma < .05 || field.empty()) return field;
  const int r = std::max(1, static_cast<int>(std::ceil(2.5 * sigma)));
  std::vector<float> kernel(static_cast<std::size_t>(2 * r + 1));
  float total = 0;
  for (int i = -r; i <= r; ++i)
    total += kernel[static_cast<std::size_t>(i + r)] =
        static_cast<float>(std::exp(-i * i / (2 * sigma * sigma)));
  for (float& k : kernel) k /= total;
  Field across(field.width, field.height), out(field.width, field.height);
  for (int y = 0; y < field.height; ++y)
    for (int x = 0; x < field.width; ++x) {
      float sum = 0;
      for (int i = -r; i <= r; ++i)
        sum += kernel[static_cast<std::size_t>(i + r)] *
               field.at(std::clamp(x + i, 0, field.width - 1), y);
      across.at(x, y) = sum;
    }
  for (int y = 0; y < field.height; ++y)
    for (int i = -r; i <= r; ++i) {
      const float k = kernel[static_cast<std::size_t>(i + r)];
      const int from = std::clamp(y + i, 0, field.height - 1);
      for (int x = 0; x < field.width; ++x) out.at(x, y) += k * across.at(x, from);
    }
  return out;
}

Canvas smeared(const Canvas& canvas, double dx, double dy) {
  constexpr int steps = 12;
  Canvas out;
  for (std::size_t k = 0; k < 3; ++k) {
    out[k] = Field(canvas[k].width, canvas[k].height);
    for (int s = 0; s < steps; ++s) {
      const double t = (s + .5) / steps - .5;
      for (int y = 0; y < out[k].height; ++y)
        for (int x = 0; x < out[k].width; ++x)
          out[k].at(x, y) += sampled(canvas[k], x + t * dx, y + t * dy) / steps;
    }
  }
  return out;
}

Field resized(const Field& field, int width, int height) {
  Field out(width, height);
  const double sx = static_cast<double>(field.width) / width,
               sy = static_cast<double>(field.height) / height;
  const int nx = std::max(1, static_cast<int>(std::ceil(sx))),
            ny = std::max(1, static_cast<int>(std::ceil(sy)));
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      float sum = 0;
      for (int b = 0; b < ny; ++b)
        for (int a = 0; a < nx; ++a)
          sum += sampled(field, (x + (a + .5) / nx) * sx - .5, (y + (b + .5) / ny) * sy - .5);
      out.at(x, y) = sum / static_cast<float>(nx * ny);
    }
  return out;
}

Field turned(const Field& field, double angle) {
  const double c = std::cos(angle), s = std::sin(angle);
  const int w = static_cast<int>(std::abs(field.width * c) + std::abs(field.height * s)) + 2;
  const int h = static_cast<int>(std::abs(field.width * s) + std::abs(field.height * c)) + 2;
  Field out(w, h);
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      const double dx = x - w / 2., dy = y - h / 2.;
      const double fx = c * dx + s * dy + field.width / 2.,
                   fy = -s * dx + c * dy + field.height / 2.;
      if (fx < -1 || fy < -1 || fx > field.width || fy > field.height) continue;
      const float in =
          std::min({1.f, static_cast<float>(fx + 1), static_cast<float>(fy + 1),
                    static_cast<float>(field.width - fx), static_cast<float>(field.height - fy)});
      out.at(x, y) = in * sampled(field, fx, fy);
    }
  return out;
}

Canvas to_ycc(const Canvas& rgb) {
  Canvas out = rgb;
  for (std::size_t i = 0; i < rgb[0].size(); ++i) {
    const float r = rgb[0].values[i], g = rgb[1].values[i], b = rgb[2].values[i];
    const float y = .2126f * r + .7152f * g + .0722f * b;
    out[0].values[i] = y;
    out[1].values[i] = .5f + (b - y) / 1.8556f;
    out[2].values[i] = .5f + (r - y) / 1.5748f;
  }
  return out;
}

Canvas to_rgb(const Canvas& ycc) {
  Canvas out = ycc;
  for (std::size_t i = 0; i < ycc[0].size(); ++i) {
    const float y = ycc[0].values[i];
    const float b = y + 1.8556f * (ycc[1].values[i] - .5f);
    const float r = y + 1.5748f * (ycc[2].values[i] - .5f);
    const float g = (y - .2126f * r - .0722f * b) / .7152f;
    out[0].values[i] = std::clamp(r, 0.f, 1.f);
    out[1].values[i] = std::clamp(g, 0.f, 1.f);
    out[2].values[i] = std::clamp(b, 0.f, 1.f);
  }
  return out;
}

void halve_chroma(Canvas& ycc) {
  for (std::size_t k = 1; k < 3; ++k) ycc[k] = reduced(ycc[k], 1, 1);
}

Field quantised(const Field& plane, double step, int ox, int oy) {
  static const auto basis = [] {
    std::array<std::array<float, 8>, 8> c{};
    for (std::size_t u = 0; u < 8; ++u)
      for (std::size_t x = 0; x < 8; ++x)
        c[u][x] = static_cast<float>((u ? .5 : std::sqrt(.125)) *
                                     std::cos((2. * static_cast<double>(x) + 1) *
                                              static_cast<double>(u) * std::numbers::pi / 16));
    return c;
  }();
  const auto q = static_cast<float>(step / 255);
  Field out = plane;
  for (int by = -oy; by < plane.height; by += 8)
    for (int bx = -ox; bx < plane.width; bx += 8) {
      float block[8][8], half[8][8], coded[8][8];
      for (int y = 0; y < 8; ++y)
        for (int x = 0; x < 8; ++x) block[y][x] = plane.clamped(bx + x, by + y);
      for (std::size_t y = 0; y < 8; ++y)
        for (std::size_t u = 0; u < 8; ++u) {
          float sum = 0;
          for (std::size_t x = 0; x < 8; ++x) sum += basis[u][x] * block[y][x];
          half[y][u] = sum;
        }
      for (std::size_t v = 0; v < 8; ++v)
        for (std::size_t u = 0; u < 8; ++u) {
          float sum = 0;
          for (std::size_t y = 0; y < 8; ++y) sum += basis[v][y] * half[y][u];
          // A dead zone as encoders have it.
          const float level = std::floor(std::abs(sum) / q + (u + v ? .33f : .5f));
          coded[v][u] = std::copysign(level * q, sum);
        }
      for (std::size_t v = 0; v < 8; ++v)
        for (std::size_t x = 0; x < 8; ++x) {
          float sum = 0;
          for (std::size_t u = 0; u < 8; ++u) sum += basis[u][x] * coded[v][u];
          half[v][x] = sum;
        }
      for (std::size_t y = 0; y < 8; ++y)
        for (std::size_t x = 0; x < 8; ++x) {
          const int px = bx + static_cast<int>(x), py = by + static_cast<int>(y);
          if (px < 0 || py < 0 || px >= plane.width || py >= plane.height) continue;
          float sum = 0;
          for (std::size_t v = 0; v < 8; ++v) sum += basis[v][y] * half[v][x];
          out.at(px, py) = sum;
        }
    }
  return out;
}

Canvas degraded(const Canvas& ycc, Random& random) {
  const int passes = random.below(2) ? 1 : 2 + random.below(2);
  // H.264's step doubles every six of its quantiser: 16 … 38.
  const double step = .625 * std::pow(2., (16 + 22 * std::pow(random.uniform(), 1.3)) / 6) * .8;
  const double noise = random.below(3) ? 0 : 4 * random.uniform() / 255;
  Canvas out;
  for (std::size_t k = 0; k < 3; ++k) out[k] = Field(ycc[k].width, ycc[k].height);
  for (int pass = 0; pass < passes; ++pass)
    for (std::size_t k = 0; k < 3; ++k) {
      Field plane = ycc[k];
      if (noise > 0)
        for (float& v : plane.values)
          v += static_cast<float>(noise * (random.uniform() + random.uniform() - 1) * 2.45);
      plane = quantised(plane, k ? step * .9 : step, random.below(8), random.below(8));
      for (std::size_t i = 0; i < plane.size(); ++i)
        out[k].values[i] += plane.values[i] / static_cast<float>(passes);
    }
  return out;
}

}  // namespace cleanplate::train
