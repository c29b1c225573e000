#include "overlay.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace demo {

namespace {
const AVPixFmtDescriptor& described(const AVFrame& frame) {
  const auto* d = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  if (!d || d->nb_components < 3 || !(d->flags & AV_PIX_FMT_FLAG_PLANAR) ||
      (d->flags & AV_PIX_FMT_FLAG_RGB))
    throw std::runtime_error("Overlays are put on planar Y, Cb, Cr frames only.");
  return *d;
}

template <class Value>
void for_each_sample(AVFrame& frame, const Overlay& overlay, Value&& value) {
  for (int c = 0; c < 3; ++c) {
    const Layer& layer = overlay.layers[static_cast<std::size_t>(c)];
    const auto [w, h] = size_of(frame, c);
    for (int y = std::max(0, layer.y); y < std::min(h, layer.y + layer.height); ++y)
      for (int x = std::max(0, layer.x); x < std::min(w, layer.x + layer.width); ++x)
        if (const float a = layer.alpha_at(x, y); a > 0)
          set_sample(frame, c, x, y, value(sample(frame, c, x, y), a, layer.colour_at(x, y)));
  }
}

int rounded(float value, int most) {
  return std::clamp(static_cast<int>(std::lround(value)), 0, most);
}
}  // namespace

float Layer::alpha_at(int px, int py) const {
  return px < x || py < y || px >= x + width || py >= y + height
             ? 0.f
             : alpha[static_cast<std::size_t>((py - y) * width + px - x)];
}
float Layer::colour_at(int px, int py) const {
  return px < x || py < y || px >= x + width || py >= y + height
             ? 0.f
             : colour[static_cast<std::size_t>((py - y) * width + px - x)];
}

int bits_of(const AVFrame& frame) { return described(frame).comp[0].depth; }

int sample(const AVFrame& frame, int component, int x, int y) {
  const std::uint8_t* row = frame.data[component] + y * frame.linesize[component];
  return bits_of(frame) > 8 ? reinterpret_cast<const std::uint16_t*>(row)[x] : row[x];
}

void set_sample(AVFrame& frame, int component, int x, int y, int value) {
  std::uint8_t* row = frame.data[component] + y * frame.linesize[component];
  if (bits_of(frame) > 8)
    reinterpret_cast<std::uint16_t*>(row)[x] = static_cast<std::uint16_t>(value);
  else
    row[x] = static_cast<std::uint8_t>(value);
}

std::array<int, 2> size_of(const AVFrame& frame, int component) {
  if (component == 0) return {frame.width, frame.height};
  const auto& d = described(frame);
  return {AV_CEIL_RSHIFT(frame.width, d.log2_chroma_w),
          AV_CEIL_RSHIFT(frame.height, d.log2_chroma_h)};
}

std::array<float, 2> luma_weights(const AVFrame& like) {
  const auto space = like.colorspace;
  if (space == AVCOL_SPC_BT709 || (space == AVCOL_SPC_UNSPECIFIED && like.height >= 720))
    return {.2126f, .0722f};
  if (space == AVCOL_SPC_BT2020_NCL) return {.2627f, .0593f};
  return {.299f, .114f};
}

std::array<float, 3> code_values(float r, float g, float b, const AVFrame& like) {
  const auto [kr, kb] = luma_weights(like);
  const float y = kr * r + (1 - kr - kb) * g + kb * b;
  const float cb = (b - y) / (2 * (1 - kb)), cr = (r - y) / (2 * (1 - kr));
  const int bits = bits_of(like);
  const float unit = static_cast<float>(1 << (bits - 8));
  const auto format = static_cast<AVPixelFormat>(like.format);
  const bool full = like.color_range == AVCOL_RANGE_JPEG || format == AV_PIX_FMT_YUVJ420P ||
                    format == AV_PIX_FMT_YUVJ422P || format == AV_PIX_FMT_YUVJ444P;
  if (full) {
    const float top = static_cast<float>((1 << bits) - 1);
    return {top * y, top * cb + 128 * unit, top * cr + 128 * unit};
  }
  return {(219 * y + 16) * unit, (224 * cb + 128) * unit, (224 * cr + 128) * unit};
}

Overlay overlay_from(const Drawing& drawing, int x, int y, float strength, const AVFrame& like) {
  const auto& d = described(like);
  Overlay overlay;
  overlay.bits = d.comp[0].depth;
  for (int c = 0; c < 3; ++c) {
    const int sx = c ? d.log2_chroma_w : 0, sy = c ? d.log2_chroma_h : 0;
    Layer& layer = overlay.layers[static_cast<std::size_t>(c)];
    layer.x = x >> sx;
    layer.y = y >> sy;
    layer.width = AV_CEIL_RSHIFT(x + drawing.width, sx) - layer.x;
    layer.height = AV_CEIL_RSHIFT(y + drawing.height, sy) - layer.y;
    for (int py = layer.y; py < layer.y + layer.height; ++py)
      for (int px = layer.x; px < layer.x + layer.width; ++px) {
        float alpha = 0, weighted = 0;
        for (int fy = py << sy; fy < (py + 1) << sy; ++fy)
          for (int fx = px << sx; fx < (px + 1) << sx; ++fx) {
            const int u = fx - x, v = fy - y;
            if (u < 0 || v < 0 || u >= drawing.width || v >= drawing.height) continue;
            const Drawing::Dot& dot = drawing.at(u, v);
            const float a = std::clamp(dot.a * strength, 0.f, 1.f);
            alpha += a;
            weighted += a * code_values(dot.r, dot.g, dot.b, like)[static_cast<std::size_t>(c)];
          }
        layer.alpha.push_back(alpha / static_cast<float>(1 << (sx + sy)));
        layer.colour.push_back(alpha > 0 ? weighted / alpha : 0);
      }
  }
  return overlay;
}

void put_on(AVFrame& frame, const Overlay& overlay) {
  const int most = (1 << bits_of(frame)) - 1;
  for_each_sample(frame, overlay, [&](int j, float a, float w) {
    return rounded(a * w + (1 - a) * static_cast<float>(j), most);
  });
}

void take_off(AVFrame& frame, const Overlay& overlay, float most_alpha) {
  const int most = (1 << bits_of(frame)) - 1;
  for_each_sample(frame, overlay, [&](int i, float a, float w) {
    return a >= most_alpha ? i : rounded((static_cast<float>(i) - a * w) / (1 - a), most);
  });
}

}  // namespace demo
