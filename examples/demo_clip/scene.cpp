#include "scene.h"

#include <algorithm>
#include <cmath>

namespace demo {

namespace {
constexpr int tile_size = 512;  // a power of two, so that wrapping is a mask
// Picture heights a second; what is nearer passes faster.
constexpr float sky_speed = .05f, mountain_speed = .1f, hill_speed = .17f, meadow_speed = .3f;
constexpr float grain_levels = 1.6f;  // standard deviation, 8-bit code values

std::uint32_t hashed(std::uint32_t x) {
  x ^= x >> 16, x *= 0x7feb352du, x ^= x >> 15, x *= 0x846ca68bu;
  return x ^ (x >> 16);
}

float smooth(float from, float to, float x) {
  const float s = std::clamp((x - from) / (to - from), 0.f, 1.f);
  return s * s * (3 - 2 * s);
}

/// One octave of value noise with `cells` cells across the tile.
float octave(int x, int y, int cells) {
  const int step = tile_size / cells, cx = x / step, cy = y / step;
  const auto corner = [&](int i, int j) {
    const auto a = static_cast<std::uint32_t>((cx + i) % cells);
    const auto b = static_cast<std::uint32_t>((cy + j) % cells);
    return static_cast<float>(hashed(a * 7919u + b * 104729u + static_cast<std::uint32_t>(cells)) &
                              0xffff) /
           65535.f;
  };
  const float fx = smooth(0, 1, static_cast<float>(x % step) / static_cast<float>(step));
  const float fy = smooth(0, 1, static_cast<float>(y % step) / static_cast<float>(step));
  const float top = corner(0, 0) + (corner(1, 0) - corner(0, 0)) * fx;
  const float low = corner(0, 1) + (corner(1, 1) - corner(0, 1)) * fx;
  return top + (low - top) * fy;
}

/// Grain for one row: a sum of four bytes is near enough to a bell.
class Grain {
 public:
  Grain(int frame, int row)
      : state_(
            hashed(static_cast<std::uint32_t>(frame) * 65537u + static_cast<std::uint32_t>(row)) |
            1u) {}
  float next() {
    state_ ^= state_ << 13, state_ ^= state_ >> 17, state_ ^= state_ << 5;
    const std::uint32_t s =
        (state_ & 255u) + (state_ >> 8 & 255u) + (state_ >> 16 & 255u) + (state_ >> 24);
    return (static_cast<float>(s) - 510.f) * (grain_levels / 147.8f);
  }

 private:
  std::uint32_t state_;
};

std::uint8_t code(float value) {
  return static_cast<std::uint8_t>(std::clamp(static_cast<int>(value + .5f), 1, 254));
}
}  // namespace

Scene::Scene(int width, int height, double rate, double pan)
    : width_(width), height_(height), rate_(rate), pan_(pan) {
  tile_.resize(static_cast<std::size_t>(tile_size) * tile_size);
  float* out = tile_.data();
  for (int y = 0; y < tile_size; ++y)
    for (int x = 0; x < tile_size; ++x) {
      float sum = 0, weight = .5f;
      for (int cells = 8; cells <= 256; cells *= 2, weight *= .6f)
        sum += weight * (octave(x, y, cells) - .5f);
      *out++ = std::clamp(.5f + sum * 1.15f, 0.f, 1.f);
    }
}

float Scene::texture(float u, float v) const {
  const float x = u * tile_size + 8 * tile_size, y = v * tile_size + 8 * tile_size;
  const int ix = static_cast<int>(x), iy = static_cast<int>(y);
  const float fx = x - static_cast<float>(ix), fy = y - static_cast<float>(iy);
  constexpr int wrap = tile_size - 1;
  const float* top = tile_.data() + (iy & wrap) * tile_size;
  const float* low = tile_.data() + ((iy + 1) & wrap) * tile_size;
  const int x0 = ix & wrap, x1 = (ix + 1) & wrap;
  const float a = top[x0] + (top[x1] - top[x0]) * fx;
  const float b = low[x0] + (low[x1] - low[x0]) * fx;
  return a + (b - a) * fy;
}

Scene::Ridges Scene::ridges(float u, float t) const {
  return {.12f + .38f * texture((u + t * mountain_speed) * .23f, .11f),
          .47f + .22f * texture((u + t * hill_speed) * .19f, .43f),
          .74f + .08f * texture((u + t * meadow_speed) * .16f, .77f)};
}

Scene::Rgb Scene::ground(float u, float v, float t, const Ridges& ridge) const {
  if (v > ridge.meadow) {
    const float x = u + t * meadow_speed, depth = v - ridge.meadow;
    const float n = texture(x * .9f, v * 1.8f), m = texture(x * .22f, v * .5f);
    const float blades = texture(x * 3.1f, v * 4.3f) - .5f;
    const float s = .45f + .75f * n + .3f * (m - .5f) + .5f * blades - .3f * depth;
    return {.36f * s + .1f * m, .45f * s, .16f * s};
  }
  if (v > ridge.hill) {
    const float x = u + t * hill_speed;
    const float n = texture(x * .7f, v * .9f),
                trees = smooth(.48f, .56f, texture(x * .3f, v * .5f));
    const float s = .5f + .7f * (n - .3f);
    return {(.30f - .14f * trees) * s + .06f, (.42f - .14f * trees) * s + .08f, .22f * s + .08f};
  }
  if (v > ridge.mountain) {
    const float x = u + t * mountain_speed;
    const float n = texture(x * .5f, v * .6f), fine = texture(x * 1.1f, v * 1.3f);
    const float snow = smooth(.10f, .02f, v - ridge.mountain - .12f * (n - .4f));
    const float s = .25f + .45f * n + .2f * fine;
    return {s * .8f + .35f * snow, s * .86f + .35f * snow, s + .36f * snow};
  }
  const float x = u + t * sky_speed;
  const float cloud =
      smooth(.42f, .68f, texture(x * .22f, v * .45f)) * (.6f + .6f * texture(x * .6f, v * .9f));
  const float haze = v * 1.1f;
  return {.28f + .34f * haze + .46f * cloud * (1 - .6f * haze),
          .48f + .24f * haze + .32f * cloud * (1 - .6f * haze),
          .78f + .08f * haze + .12f * cloud * (1 - .6f * haze)};
}

void Scene::add_movers(Rgb& colour, float u, float v, float t) const {
  struct Balloon {
    float u, v, speed, size;
    Rgb body, stripe;
  };
  constexpr Balloon balloons[] = {
      {1.75f, .20f, -.13f, .11f, {.80f, .20f, .14f}, {.92f, .80f, .35f}},
      {.25f, .30f, .09f, .08f, {.16f, .34f, .66f}, {.86f, .86f, .84f}},
      {2.15f, .13f, -.11f, .06f, {.20f, .52f, .28f}, {.90f, .62f, .20f}},
  };
  const float edge = 1.f / static_cast<float>(height_);
  for (const Balloon& b : balloons) {
    const float dx = (u - b.u - b.speed * t) / b.size;
    const float dy = (v - b.v - .012f * std::sin(1.3f * t + b.u)) / (b.size * 1.2f);
    const float r = dx * dx + dy * dy;
    if (r > 1.2f) continue;
    const float cover = smooth(1 + 1.5f * edge / b.size, 1 - 1.5f * edge / b.size, std::sqrt(r));
    const float bulge = dx / std::sqrt(std::max(.05f, 1.02f - dy * dy));
    const float stripe = smooth(-.2f, .2f, std::sin(bulge * 9));
    const float light = .65f + .45f * (1 - r) - .2f * dx;
    const auto mix = [&](float& under, float body, float band) {
      under += cover * (light * (body + (band - body) * stripe) - under);
    };
    mix(colour.r, b.body.r, b.stripe.r);
    mix(colour.g, b.body.g, b.stripe.g);
    mix(colour.b, b.body.b, b.stripe.b);
  }
  // A car on the meadow, against the pan.
  const float cx = u - (-.2f + .42f * t), cy = v - .86f;
  if (std::fabs(cx) > .16f || std::fabs(cy) > .08f) return;
  const float roof = std::fabs(cx) < .08f ? -.055f : -.015f;
  const float body = smooth(.141f, .139f, std::fabs(cx)) * smooth(roof - edge, roof + edge, cy) *
                     smooth(.04f + edge, .04f - edge, cy);
  const float wheel = std::min(std::hypot(cx - .08f, cy - .04f), std::hypot(cx + .08f, cy - .04f));
  const float tyre = smooth(.027f + edge, .027f - edge, wheel);
  const float glass = std::fabs(cx) < .07f && cy < -.018f && cy > -.046f ? .65f : 0.f;
  const Rgb paint{.72f - glass * .6f, .16f + glass * .2f, .12f + glass * .35f};
  colour.r += body * (paint.r - colour.r), colour.g += body * (paint.g - colour.g);
  colour.b += body * (paint.b - colour.b);
  colour.r += tyre * (.07f - colour.r), colour.g += tyre * (.07f - colour.g);
  colour.b += tyre * (.08f - colour.b);
}

FramePtr Scene::draw(int number) const {
  FramePtr frame = new_frame();
  frame->width = width_;
  frame->height = height_;
  frame->format = AV_PIX_FMT_YUV420P;
  frame->color_range = AVCOL_RANGE_MPEG;
  frame->colorspace = AVCOL_SPC_BT709;
  frame->color_primaries = AVCOL_PRI_BT709;
  frame->color_trc = AVCOL_TRC_BT709;
  frame->chroma_location = AVCHROMA_LOC_LEFT;
  frame->sample_aspect_ratio = {1, 1};
  frame->pts = number;
  checked(av_frame_get_buffer(frame.get(), 0), "Getting memory for a frame");
  const float t = static_cast<float>(number / rate_), panned = t * static_cast<float>(pan_);
  const float unit = 1.f / static_cast<float>(height_);
  std::vector<Ridges> columns;
  for (int x = 0; x < width_; ++x)
    columns.push_back(ridges((static_cast<float>(x) + .5f) * unit, panned));
  for (int y = 0; y < height_; y += 2) {
    Grain grain(number, y);
    std::uint8_t* rows[2] = {frame->data[0] + y * frame->linesize[0],
                             frame->data[0] + (y + 1) * frame->linesize[0]};
    std::uint8_t* cb = frame->data[1] + y / 2 * frame->linesize[1];
    std::uint8_t* cr = frame->data[2] + y / 2 * frame->linesize[2];
    for (int x = 0; x < width_; x += 2) {
      Rgb sum{0, 0, 0};
      for (int k = 0; k < 4; ++k) {
        const int px = x + (k & 1), py = y + (k >> 1);
        const float u = (static_cast<float>(px) + .5f) * unit;
        const float v = (static_cast<float>(py) + .5f) * unit;
        Rgb c = ground(u, v, panned, columns[static_cast<std::size_t>(px)]);
        add_movers(c, u, v, t);
        c = {std::clamp(c.r, 0.f, 1.f), std::clamp(c.g, 0.f, 1.f), std::clamp(c.b, 0.f, 1.f)};
        sum.r += c.r, sum.g += c.g, sum.b += c.b;
        const float luma = .2126f * c.r + .7152f * c.g + .0722f * c.b;
        rows[k >> 1][px] = code(16 + 219 * luma + grain.next());
      }
      const float luma = .2126f * sum.r + .7152f * sum.g + .0722f * sum.b;
      cb[x / 2] = code(128 + 224 * (sum.b - luma) / (4 * 1.8556f) + .4f * grain.next());
      cr[x / 2] = code(128 + 224 * (sum.r - luma) / (4 * 1.5748f) + .4f * grain.next());
    }
  }
  return frame;
}

}  // namespace demo
