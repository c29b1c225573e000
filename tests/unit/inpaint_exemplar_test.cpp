// Texture where no frame shows what is hidden.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "../reference/every_device.h"
#include "box_holes.h"
#include "inpaint/exemplar_search.h"
#include "inpaint/fill.h"
#include "inpaint/propagate.h"

using namespace cleanplate;

namespace {
constexpr Size crop_size{168, 136};
constexpr Box hole{62, 48, 44, 40};  // wider than anything moves here

HoleMasks masks(PixelFormat format) { return box_holes::holes_of(format, crop_size, hole); }

/// Blobs of about three samples, as leaves or gravel; any place, for ever.
double texture(int x, int y) {
  const auto dot = [](int u, int v) {
    Random random(static_cast<std::uint64_t>(u + 100000) * 1000003U +
                  static_cast<std::uint64_t>(v + 100000));
    return random.uniform() - .5;
  };
  double sum = 0;
  for (int v = -1; v <= 1; ++v)
    for (int u = -1; u <= 1; ++u) sum += dot(x + u, y + v);
  return sum / 3;  // deviation .29
}

using Picture = std::function<double(int x, int y, int t)>;  // luma, 8-bit code values

/// The pictures with the hole painted over; chroma follows luma a little.
std::vector<Crop> clip(PixelFormat format, int frames, const Picture& picture,
                       bool painted = true) {
  const HoleMasks holes = masks(format);
  const double unit = 1 << (format.bits - 8);
  std::vector<Crop> out;
  for (int t = 0; t < frames; ++t) {
    Crop& crop = out.emplace_back();
    for (int c = 0; c < format.components(); ++c) {
      const auto i = static_cast<std::size_t>(c);
      const int sx = c ? format.chroma_shift_x() : 0, sy = c ? format.chroma_shift_y() : 0;
      crop.planes[i] = {holes[i].width, holes[i].height, {}};
      for (int y = 0; y < holes[i].height; ++y)
        for (int x = 0; x < holes[i].width; ++x) {
          const double luma = picture(x << sx, y << sy, t);
          const double value = c ? 128 + .2 * (luma - 128) : luma;
          const bool hidden = painted && hole.contains(x << sx, y << sy);
          crop.planes[i].samples.push_back(
              static_cast<std::uint16_t>(std::lround(unit * (hidden ? 240 : value))));
        }
    }
  }
  return out;
}

std::vector<Crop> filled(PixelFormat format, const std::vector<Crop>& crops, int first = 0,
                         bool given = false, int radius = 12) {
  const Device device = plain_device();
  Stream stream = must(device.core().stream());
  auto made = Propagator::create({.radius = radius, .grain = 0}, device, format, masks(format));
  REQUIRE(made);
  std::vector<Crop> out;
  Crop crop;
  const auto drain = [&] {
    for (auto flow = made->pull(stream, crop); flow && *flow == Flow::ok;
         flow = made->pull(stream, crop))
      out.push_back(crop);
  };
  for (std::size_t i = 0; i < crops.size(); ++i) {
    REQUIRE(made->push(stream, crops[i], {}, first + static_cast<int>(i), given));
    drain();
  }
  REQUIRE(made->flush());
  drain();
  REQUIRE(out.size() == crops.size());
  return out;
}

/// Mean variance in windows of 5 × 5 over a box of the luma, 8-bit code values².
double local_variance(const Crop& crop, Box box, double unit = 1) {
  double total = 0, n = 0;
  for (int y = box.y + 2; y < box.bottom() - 2; y += 3)
    for (int x = box.x + 2; x < box.right() - 2; x += 3) {
      double sum = 0, squares = 0;
      for (int v = -2; v <= 2; ++v)
        for (int u = -2; u <= 2; ++u) {
          const double s =
              crop.planes[0].samples[static_cast<std::size_t>((y + v) * crop_size.width + x + u)] /
              unit;
          sum += s, squares += s * s;
        }
      total += (squares - sum * sum / 25) / 24, ++n;
    }
  return total / n;
}

double mean_change(const Crop& a, const Crop& b, Box box) {
  double sum = 0;
  for (int y = box.y; y < box.bottom(); ++y)
    for (int x = box.x; x < box.right(); ++x) {
      const auto i = static_cast<std::size_t>(y * crop_size.width + x);
      sum += std::abs(a.planes[0].samples[i] - b.planes[0].samples[i]);
    }
  return sum / static_cast<double>(box.area());
}

/// Correlation of a with what in b lies dx further right, over the middle of the hole.
double correlation(const Crop& a, const Crop& b, int dx) {
  double sa = 0, sb = 0, aa = 0, bb = 0, ab = 0, n = 0;
  for (int y = hole.y + 8; y < hole.bottom() - 8; ++y)
    for (int x = hole.x + 12; x < hole.right() - 12; ++x) {
      const auto i = static_cast<std::size_t>(y * crop_size.width + x);
      const double p = a.planes[0].samples[i];
      const double q = b.planes[0].samples[i + static_cast<std::size_t>(dx)];
      sa += p, sb += q, aa += p * p, bb += q * q, ab += p * q, ++n;
    }
  return (ab - sa * sb / n) / std::sqrt((aa - sa * sa / n) * (bb - sb * sb / n));
}

const Box middle = hole.grown(-8), beside{16, 48, 40, 40};
double gravel(int x, int y, int) { return 128 + 40 * texture(x, y); }
}  // namespace

TEST_CASE("a hole in texture gets texture, at every depth and layout") {
  const PixelFormat format =
      GENERATE(PixelFormat{Layout::grey, 8}, PixelFormat{Layout::yuv420, 8},
               PixelFormat{Layout::yuv422, 10}, PixelFormat{Layout::yuv444, 12});
  const double unit = 1 << (format.bits - 8);
  const auto seen = clip(format, 3, gravel);
  const auto out = filled(format, seen);
  auto filler = Filler::create({}, format, masks(format));
  REQUIRE(filler);
  Crop smooth = seen[1];
  REQUIRE(filler->fill(smooth, 1));
  const double round = local_variance(seen[1], beside, unit);
  CHECK(local_variance(smooth, middle, unit) < .05 * round);
  CHECK(local_variance(out[1], middle, unit) > .25 * round);
  CHECK(local_variance(out[1], middle, unit) < 1.2 * round);
}

TEST_CASE("flat surroundings give the smooth fill's very samples") {
  const PixelFormat format{Layout::yuv420, 8};
  const auto seen = clip(format, 3, [](int x, int y, int) { return 60 + .4 * x + .2 * y; });
  auto filler = Filler::create({}, format, masks(format));
  REQUIRE(filler);
  Crop smooth = seen[1];
  REQUIRE(filler->fill(smooth, 1));
  const auto out = filled(format, seen);
  for (std::size_t c = 0; c < 3; ++c) REQUIRE(out[1].planes[c].samples == smooth.planes[c].samples);
}

TEST_CASE("an edge between flat places goes on as it did, and the flat places stay flat") {
  const PixelFormat format{Layout::grey, 8};
  const Picture edge = [](int x, int y, int) { return x + y / 3 < 100 ? 60 : 170; };
  const auto seen = clip(format, 3, edge), truth = clip(format, 3, edge, false);
  auto filler = Filler::create({}, format, masks(format));
  REQUIRE(filler);
  Crop smooth = seen[1];
  REQUIRE(filler->fill(smooth, 1));
  const Crop out = filled(format, seen)[1];
  CHECK(mean_change(out, truth[1], hole) < 1.05 * mean_change(smooth, truth[1], hole));
  CHECK(mean_change(out, smooth, {hole.x, hole.y, 8, hole.height}) < 1);
}

TEST_CASE("a fill from outside gets no texture of ours") {
  const PixelFormat format{Layout::grey, 8};
  auto seen = clip(format, 3, gravel);
  const HoleMasks holes = masks(format);
  for (Crop& crop : seen)
    for (std::size_t i = 0; i < holes[0].values.size(); ++i)
      if (holes[0].values[i]) crop.planes[0].samples[i] = 128;
  for (const Crop& crop : filled(format, seen, 0, true)) CHECK(local_variance(crop, middle) == 0);
}

TEST_CASE("the texture of a still scene stands still, noise and all") {
  const PixelFormat format{Layout::yuv420, 8};
  const auto seen = clip(format, 40, [](int x, int y, int t) {
    Random random(static_cast<std::uint64_t>((t * 1000 + y) * 1000 + x));
    return gravel(x, y, t) + random.normal();
  });
  const auto out = filled(format, seen);
  for (std::size_t t = 1; t < out.size(); ++t) {
    CAPTURE(t);
    REQUIRE(mean_change(out[t], out[t - 1], middle) <
            1.2 * mean_change(seen[t], seen[t - 1], beside));
  }
}

TEST_CASE("the texture moves with the scene") {
  const PixelFormat format{Layout::grey, 8};
  // Half a sample a frame: in 12 frames the hole's middle is not seen.
  const auto seen = clip(format, 26, [](int x, int y, int t) { return gravel(x + t / 2, y, 0); });
  const auto out = filled(format, seen, 0, false, 6);
  REQUIRE(local_variance(out[12], middle) > 10);
  CHECK(correlation(out[14], out[12], 1) > .6);
  CHECK(correlation(out[14], out[12], 0) < .8 * correlation(out[14], out[12], 1));
}

TEST_CASE("what passes beside the hole leaves the texture in it as it was") {
  const PixelFormat format{Layout::grey, 8};
  const auto still = filled(format, clip(format, 40, gravel));
  const auto out = filled(format, clip(format, 40, [](int x, int y, int t) {
                            const bool car = y < 40 && std::abs(x - (10 * t - 120)) < 14;
                            return car ? 230 : gravel(x, y, t);
                          }));
  for (std::size_t t = 1; t < out.size(); ++t) {
    CAPTURE(t);
    CHECK(mean_change(out[t], out[t - 1], middle) < 2.5);
    CHECK(mean_change(still[t], still[t - 1], middle) == 0);
  }
}

TEST_CASE(
    "a chunk with a radius more at both ends gives the samples of the whole, texture and all") {
  const PixelFormat format{Layout::yuv420, 8};
  const auto seen = clip(format, 60, [](int x, int y, int t) {
    Random random(static_cast<std::uint64_t>((t * 1000 + y) * 1000 + x));
    const double scene = t < 33 ? gravel(x + t / 3, y, 0) : gravel(x - t, y + 400, 0);  // a cut
    return (y > 100 && std::abs(x - 4 * t) < 12 ? 220 : scene) + 2 * random.normal();
  });
  const auto whole = filled(format, seen);
  for (const int from : {7, 18, 22}) {
    const auto part = filled(format, {seen.begin() + from, seen.begin() + from + 36}, from);
    for (std::size_t i = 12; i < 24; ++i)
      for (std::size_t c = 0; c < 3; ++c)
        REQUIRE(part[i].planes[c].samples ==
                whole[i + static_cast<std::size_t>(from)].planes[c].samples);
  }
}

TEST_CASE("steps lead to where the picture goes on as it does round the hole") {
  ExemplarSearch search(masks({Layout::grey, 8})[0]);
  REQUIRE(search.usable());
  constexpr int width = crop_size.width / 2, height = crop_size.height / 2, period = 8;
  Backdrop stripes;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const bool hidden = hole.contains(2 * x, 2 * y);
      stripes[0].push_back(hidden ? 128.F : static_cast<float>(100 + 8 * (x % period)));
      stripes[1].push_back(0);
    }
  const ExemplarSteps steps = search.find(stripes);
  for (int y = hole.y / 2; y < hole.bottom() / 2; ++y)
    for (int x = hole.x / 2; x < hole.right() / 2; ++x) {
      const ExemplarStep step = steps[static_cast<std::size_t>(y * width + x)];
      REQUIRE(step != ExemplarStep{});
      REQUIRE(step.x % period == 0);
      REQUIRE_FALSE(hole.contains(2 * (x + step.x), 2 * (y + step.y)));
    }
}

TEST_CASE("a hole without room round it has nothing to take, and is filled smoothly") {
  HoleMask tight{20, 20, std::vector<std::uint8_t>(400, 1)};
  for (std::size_t i = 0; i < 60; ++i) tight.values[i] = 0;
  CHECK_FALSE(ExemplarSearch(tight).usable());
}
