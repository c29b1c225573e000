// Other frames' samples in a hole, against a twin that goes through them sample by sample.
#include <algorithm>
#include <cmath>

#include "box_holes.h"
#include "every_device.h"
#include "inpaint/hole_depth.h"
#include "inpaint/propagate_gather.h"

using namespace cleanplate;

namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// A frame and those round it.
struct Scene {
  PixelFormat format;
  HoleMasks holes;
  struct Frame {
    Crop seen, filled;
    Motion motion;
    int away = 0;
    HoleMasks holes;
  };
  std::vector<Frame> frames;  // the middle one first
  bool own_holes = false;     // each frame has holes of its own, and its fill is not made

  [[nodiscard]] float scale() const { return static_cast<float>(1 << (format.bits - 8)); }
};

Crop noise(const Scene& scene, Random& random, const Crop* base = nullptr) {
  Crop out;
  for (int c = 0; c < scene.format.components(); ++c) {
    const HoleMask& hole = scene.holes[at(c)];
    CropPlane& plane = out.planes[at(c)];
    plane = {hole.width, hole.height, {}};
    for (int y = 0; y < hole.height; ++y)
      for (int x = 0; x < hole.width; ++x) {
        const float wave = 120 + 60 * std::sin(static_cast<float>(x) / 5) +
                           40 * std::sin(static_cast<float>(y + 3 * c) / 4);
        const float value = scene.scale() * (wave + 6 * static_cast<float>(random.uniform()));
        const std::size_t i = plane.samples.size();
        const bool keeps = base && !hole.values[i];
        plane.samples.push_back(keeps ? base->planes[at(c)].samples[i]
                                      : static_cast<std::uint16_t>(value));
      }
  }
  return out;
}

/// A pan of `speed` samples a frame, every frame a little larger than the one before.
Scene pan(PixelFormat format, Size size, Box hole, int frames, double speed, bool own_holes,
          std::uint64_t seed) {
  Random random(seed);
  Scene scene{format, box_holes::holes_of(format, size, hole), {}, own_holes};
  for (HoleMask& mask : scene.holes)  // ragged
    for (std::uint8_t& value : mask.values) value = value && random.below(5) ? 255 : 0;
  for (int k = 0; k < frames; ++k) {
    Scene::Frame& frame = scene.frames.emplace_back();
    frame.away = k % 2 ? (k + 1) / 2 : -k / 2;
    frame.seen = noise(scene, random);
    frame.filled = noise(scene, random, &frame.seen);
    const double way = speed * frame.away;
    frame.motion = {{way, 1 + .001 * k, .0007 * k, -.4 * way, -.0004 * k, 1 - .0005 * k}};
    Box other = hole;
    other.x += 7 * frame.away;
    frame.holes = own_holes ? box_holes::holes_of(format, size, other) : scene.holes;
  }
  return scene;
}

struct Gathered {
  Crop crop;
  std::array<std::vector<float>, 3> share;
  float change = -1;
};

/// By cells of 8 × 8, from sums over probes; as ErrorMap's doc says.
class SlowMap {
 public:
  SlowMap(int width, int height) : wide_((width + 7) / 8), high_((height + 7) / 8) {
    sum_.resize(at(wide_ * high_)), weight_ = sum_;
  }
  void add(int x, int y, float square) {
    sum_[at(y / 8 * wide_ + x / 8)] += square;
    weight_[at(y / 8 * wide_ + x / 8)] += 1;
  }
  [[nodiscard]] float cell(int u, int v) const {
    float sum = 0, weight = 0;
    for (std::size_t i = 0; i < sum_.size(); ++i) sum += sum_[i], weight += weight_[i];
    const float all = weight > 0 ? sum / weight : 900;
    return (box(sum_, u, v, 1) + .05F * box(sum_, u, v, 4) + .01F * all) /
           (box(weight_, u, v, 1) + .05F * box(weight_, u, v, 4) + .01F);
  }
  /// Between the middles of four cells.
  [[nodiscard]] float between(int luma_x, int luma_y) const {
    const float cx = (static_cast<float>(luma_x) + .5F) / 8 - .5F;
    const float cy = (static_cast<float>(luma_y) + .5F) / 8 - .5F;
    const int u = std::clamp(static_cast<int>(cx), 0, wide_ - 1), r = std::min(u + 1, wide_ - 1);
    const int v = std::clamp(static_cast<int>(cy), 0, high_ - 1), d = std::min(v + 1, high_ - 1);
    const float fx = std::clamp(cx - static_cast<float>(u), 0.F, 1.F);
    const float fy = std::clamp(cy - static_cast<float>(v), 0.F, 1.F);
    const float top = cell(u, v) + fx * (cell(r, v) - cell(u, v));
    const float low = cell(u, d) + fx * (cell(r, d) - cell(u, d));
    return top + fy * (low - top);
  }

 private:
  [[nodiscard]] float box(const std::vector<float>& of, int u, int v, int reach) const {
    float all = 0;
    for (int y = std::max(0, v - reach); y <= std::min(high_ - 1, v + reach); ++y) {
      float row = 0;
      for (int x = std::max(0, u - reach); x <= std::min(wide_ - 1, u + reach); ++x)
        row += of[at(y * wide_ + x)];
      all += row;
    }
    return all;
  }
  int wide_, high_;
  std::vector<float> sum_, weight_;
};

float mixed(const CropPlane& p, int u, int v, float fx, float fy) {
  const auto s = [&](int x, int y) { return static_cast<float>(p.samples[at(y * p.width + x)]); };
  const float top = s(u, v) + fx * (s(u + 1, v) - s(u, v));
  const float low = s(u, v + 1) + fx * (s(u + 1, v + 1) - s(u, v + 1));
  return top + fy * (low - top);
}

float catmull_rom(const CropPlane& p, int u, int v, float fx, float fy) {
  const auto weights = [](float f) {
    return std::array{f * (-.5F + f * (1 - .5F * f)), 1 + f * f * (-2.5F + 1.5F * f),
                      f * (.5F + f * (2 - 1.5F * f)), f * f * (-.5F + .5F * f)};
  };
  const auto wx = weights(fx), wy = weights(fy);
  float sum = 0;
  for (int j = 0; j < 4; ++j) {
    float row = 0;
    for (int i = 0; i < 4; ++i)
      row += wx[at(i)] * static_cast<float>(p.samples[at((v + j - 1) * p.width + u + i - 1)]);
    sum += wy[at(j)] * row;
  }
  return sum;
}

/// Maps of the roughness and of the differences to each frame; and the median of the latter.
struct SlowMaps {
  SlowMap rough;
  std::vector<SlowMap> errors;
  std::vector<float> medians;  // negative: nothing to compare
};

SlowMaps maps_of(const Scene& scene, const std::vector<ShownSamples>& shown) {
  const Scene::Frame& middle = scene.frames[0];
  const CropPlane& here = middle.seen.planes[0];
  const int w = here.width, h = here.height;
  const float unit = 1 / scene.scale();
  SlowMaps out{SlowMap(w, h), {}, {}};
  int l = w, t = h, r = -1, b = -1;
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x)
      if (scene.holes[0].values[at(y * w + x)])
        l = std::min(l, x), r = std::max(r, x), t = std::min(t, y), b = y;
  std::vector<std::pair<int, int>> probes;
  for (int y = std::max(1, t - 32); y <= std::min(h - 2, b + 32); y += 3)
    for (int x = std::max(1, l - 32); x <= std::min(w - 2, r + 32); x += 3)
      if (shown[0][0][at(y * w + x)]) probes.emplace_back(x, y);
  const auto s = [&](int x, int y) { return static_cast<float>(here.samples[at(y * w + x)]); };
  for (const auto& [x, y] : probes) {
    const float gx = .5F / scene.scale() * (s(x + 1, y) - s(x - 1, y));
    const float gy = .5F / scene.scale() * (s(x, y + 1) - s(x, y - 1));
    out.rough.add(x, y, gx * gx + gy * gy);
  }
  for (std::size_t k = 0; k < scene.frames.size(); ++k) {
    const Scene::Frame& other = scene.frames[k];
    SlowMap map(w, h);
    std::vector<float> off;
    for (const auto& [x, y] : probes) {
      const auto qx = static_cast<float>(other.motion.x(x, y));
      const auto qy = static_cast<float>(other.motion.y(x, y));
      if (!(qx >= 0 && qy >= 0 && qx < static_cast<float>(w - 1) && qy < static_cast<float>(h - 1)))
        continue;
      const int u = static_cast<int>(qx), v = static_cast<int>(qy);
      if (!shown[k][0][at(v * w + u)] || !shown[k][0][at((v + 1) * w + u + 1)]) continue;
      const float d = unit * (mixed(other.seen.planes[0], u, v, qx - static_cast<float>(u),
                                    qy - static_cast<float>(v)) -
                              s(x, y));
      off.push_back(std::abs(d));
      map.add(x, y, std::min(d * d, 900.F));
    }
    std::sort(off.begin(), off.end());
    out.errors.push_back(std::move(map));
    out.medians.push_back(off.empty() ? -1 : off[off.size() / 2] * scene.scale());
  }
  return out;
}

/// What is known of one sample of the hole.
struct Known {
  float fill = 0, weight = 0;
  std::vector<float> seen, error;
};

struct Mean {
  float gain = 0, weight = 0, share = 1;
};

Mean mean_of(const Known& known, float rough, float depth, float unit) {
  const std::size_t n = known.seen.size();
  if (n == 0) return {};
  std::vector<float> counts(n);
  float mean = 0, variance = 0, expected = 0;
  for (const bool again : {false, true}) {
    float sum = 0, next = 0, squares = 0, errors = 0;
    for (std::size_t k = 0; k < n; ++k) {
      const float e = known.error[k], off = unit * (known.seen[k] - mean);
      const float doubt = again ? 1 + off * off / (e + variance) : 1;
      counts[k] = 1 / (e * e * doubt * doubt);
      sum += counts[k], next += counts[k] * known.seen[k], errors += counts[k] * e;
    }
    mean = next / sum;
    for (std::size_t k = 0; k < n; ++k) {
      const float off = unit * (known.seen[k] - mean);
      squares += counts[k] * off * off;
    }
    variance = squares / sum, expected = errors / sum;
  }
  const float in = std::min(depth, 24.F);
  const float time = expected * (1 + in / 8) * (n == 1 ? 2.5F : 1.F) + 5 * variance;
  const float space = 1 + rough + 5.5F * std::sqrt(rough) * in;
  Mean out;
  out.share = time * time / (time * time + space * space);
  out.weight = 1 - out.share + .25F * out.share;
  out.gain = (1 - out.share) / out.weight * (mean - known.fill / known.weight);
  return out;
}

Gathered slowly(const Scene& scene) {
  std::vector<ShownSamples> shown;
  for (const Scene::Frame& frame : scene.frames) shown.push_back(shown_samples(frame.holes));
  shown[0] = shown_samples(scene.holes);
  const SlowMaps maps = maps_of(scene, shown);
  Gathered out{scene.frames[0].seen, {}, -1};
  for (std::size_t k = 1; k < scene.frames.size() && out.change < 0; ++k)
    out.change = maps.medians[k];
  for (int c = 0; c < scene.format.components(); ++c) {
    const HoleMask& hole = scene.holes[at(c)];
    const int w = hole.width, h = hole.height;
    const int sx = c ? scene.format.chroma_shift_x() : 0,
              sy = c ? scene.format.chroma_shift_y() : 0;
    const std::vector<float> depths = hole_depths(hole);
    // What time adds is made smooth over the hole's box and a sample round it.
    int l = w, t = h, r = -1, b = -1;
    for (int i = 0; i < w * h; ++i)
      if (hole.values[at(i)])
        l = std::min(l, i % w), r = std::max(r, i % w), t = std::min(t, i / w), b = i / w;
    if (r < 0) continue;
    l = std::max(0, l - 1), t = std::max(0, t - 1), r = std::min(w - 1, r + 1),
    b = std::min(h - 1, b + 1);
    const int wide = r - l + 1, high = b - t + 1;
    std::vector<float> gains(at(wide * high)), weights(at(wide * high), 1.F), fills(gains);
    for (int y = t; y <= b; ++y)
      for (int x = l; x <= r; ++x) {
        if (!hole.values[at(y * w + x)]) continue;
        Known known;
        known.weight = 1 / (4.F * 4.F);
        known.fill =
            known.weight *
            static_cast<float>(scene.frames[0].filled.planes[at(c)].samples[at(y * w + x)]);
        for (std::size_t k = 1; k < scene.frames.size(); ++k) {
          const Scene::Frame& other = scene.frames[k];
          const Motion motion = other.motion.on_grid(sx, sy);
          const auto qx = static_cast<float>(motion.x(x, y)),
                     qy = static_cast<float>(motion.y(x, y));
          const auto fw = static_cast<float>(w), fh = static_cast<float>(h);
          if (!(qx > -.01F && qy > -.01F && qx < fw - .99F && qy < fh - .99F)) continue;
          const int u = std::clamp(static_cast<int>(qx), 0, w - 2);
          const int v = std::clamp(static_cast<int>(qy), 0, h - 2);
          const float fx = qx - static_cast<float>(u), fy = qy - static_cast<float>(v);
          bool seen = qx >= 1 && qy >= 1 && qx < fw - 2 && qy < fh - 2;
          for (const int q : {v * w + u, v * w + u + 1, (v + 1) * w + u, (v + 1) * w + u + 1})
            seen = seen && shown[k][at(c)][at(q)];
          const float error = maps.errors[k].between(x << sx, y << sy);
          if (seen && known.seen.size() < 6) {
            known.seen.push_back(catmull_rom(other.seen.planes[at(c)], u, v, fx, fy));
            const auto away = static_cast<float>(std::abs(other.away));
            known.error.push_back(1 + error * (1 + .1F * away));
          } else if (!seen && !scene.own_holes && std::abs(other.away) <= 6) {
            const float counts = 1 / ((4 + error) * (4 + error));
            known.fill += counts * mixed(other.filled.planes[at(c)], u, v, fx, fy);
            known.weight += counts;
          }
        }
        const float depth = depths[at(y * w + x)] * static_cast<float>(1 << sx);
        const Mean mean =
            mean_of(known, maps.rough.between(x << sx, y << sy), depth, 1 / scene.scale());
        const std::size_t place = at((y - t) * wide + x - l);
        gains[place] = mean.gain, weights[place] = mean.weight;
        fills[place] = known.fill / known.weight;
        out.share[at(c)].push_back(mean.share);
      }
    Extender(wide, high).run(gains, weights);
    for (int y = t; y <= b; ++y)
      for (int x = l; x <= r; ++x)
        if (hole.values[at(y * w + x)]) {
          const std::size_t place = at((y - t) * wide + x - l);
          out.crop.planes[at(c)].samples[at(y * w + x)] =
              static_cast<std::uint16_t>(std::clamp(fills[place] + gains[place] + .5F, 0.F,
                                                    static_cast<float>(scene.format.max_value())));
        }
  }
  return out;
}

/// By the Gatherer; twice, as the first time its buffers are made.
Gathered run(const Scene& scene, const Device& device) {
  Stream stream = must(device.core().stream());
  Gatherer gatherer(device, scene.format, scene.holes);
  const std::size_t n = scene.frames.size();
  std::vector<DevicePlanes<std::uint16_t>> seen(n), filled(n);
  std::vector<DevicePlanes<std::uint8_t>> shown_there(n);
  std::vector<ShownSamples> shown;
  shown.reserve(n);
  std::vector<Neighbour> around;
  for (std::size_t k = 0; k < n; ++k) {
    const Scene::Frame& frame = scene.frames[k];
    shown.push_back(shown_samples(frame.holes));
    must(seen[k].take(device, stream, planes_of(frame.seen)));
    must(filled[k].take(device, stream, planes_of(frame.filled), seen[k].there(),
                        {gatherer.box(0), gatherer.box(1), gatherer.box(2)}));
    must(shown_there[k].take(device, stream, planes_of(shown.back(), frame.holes)));
    around.push_back(
        {&frame.seen, &frame.filled, frame.motion, frame.away, seen[k].there(), filled[k].there()});
    if (!scene.own_holes || k == 0) continue;
    around.back().filled = nullptr;
    around.back().shown = &shown.back();
    around.back().shown_there = shown_there[k].there();
  }
  Gathered out;
  for (int time = 0; time < 2; ++time) {
    out.crop = scene.frames[0].seen;
    must(gatherer.gather(stream, around, out.crop));
  }
  for (int c = 0; c < scene.format.components(); ++c)
    out.share[at(c)].assign(gatherer.fill_share(c).begin(), gatherer.fill_share(c).end());
  out.change = gatherer.change();
  return out;
}

}  // namespace

TEST_CASE("what is gathered from other frames is the twin's to the last bit, on every device") {
  const PixelFormat format =
      GENERATE(PixelFormat{Layout::grey, 8}, PixelFormat{Layout::yuv420, 8},
               PixelFormat{Layout::yuv422, 10}, PixelFormat{Layout::yuv444, 12});
  const bool own_holes = GENERATE(false, true);
  for (const double speed : {0., .6, 9., 400.})
    for (const Size size : {Size{72, 56}, Size{14, 12}}) {
      const bool small = size.width < 20;
      const Scene scene = pan(format, size, small ? Box{4, 4, 6, 4} : Box{24, 22, 20, 14},
                              small ? 9 : 20, speed, own_holes, 3);
      const Gathered wanted = slowly(scene);
      for (const Device& device : every_device()) {
        CAPTURE(device.name(), format.bits, own_holes, speed, size.width);
        const Gathered got = run(scene, device);
        REQUIRE(got.change == wanted.change);
        for (std::size_t c = 0; c < 3; ++c) {
          REQUIRE((got.crop.planes[c].samples == wanted.crop.planes[c].samples));
          REQUIRE((got.share[c] == wanted.share[c]));
        }
        REQUIRE(violations(device) == std::vector<std::string>{});
      }
    }
}
