#include "inpaint/propagate.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "../reference/every_device.h"
#include "box_holes.h"
#include "core/try.h"
#include "inpaint/fill.h"

using namespace cleanplate;

namespace {
/// A big textured picture, seen through a window.
struct Scene {
  static constexpr int side = 400;
  std::vector<float> samples;

  Scene(std::uint64_t seed, float low, float high) : samples(side * side) {
    Random random(seed);
    std::vector<float> rough(samples.size());
    for (float& v : rough) v = static_cast<float>(random.uniform());
    // Blurred twice, so that a shift by part of a sample makes sense.
    for (int round = 0; round < 2; ++round)
      for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
          float sum = 0;
          for (int v = -1; v <= 1; ++v)
            for (int u = -1; u <= 1; ++u)
              sum += rough[static_cast<std::size_t>((y + v + side) % side * side +
                                                    (x + u + side) % side)];
          samples[static_cast<std::size_t>(y * side + x)] = sum / 9;
        }
    for (float& v : samples) v = low + (high - low) * v;
  }
  float at(double x, double y) const {
    const int u = static_cast<int>(x), v = static_cast<int>(y);
    const auto fx = static_cast<float>(x - u), fy = static_cast<float>(y - v);
    const auto s = [&](int i, int j) { return samples[static_cast<std::size_t>(j * side + i)]; };
    return (s(u, v) * (1 - fx) + s(u + 1, v) * fx) * (1 - fy) +
           (s(u, v + 1) * (1 - fx) + s(u + 1, v + 1) * fx) * fy;
  }
};

constexpr Size crop_size{128, 96};
constexpr Box hole{52, 38, 22, 18};

HoleMasks masks(PixelFormat format) { return box_holes::holes_of(format, crop_size, hole); }

/// The scene from (left, top), the hole painted over.
Crop look(const Scene& scene, PixelFormat format, double left, double top, bool painted) {
  const auto holes = masks(format);
  const float unit = static_cast<float>(1 << (format.bits - 8));
  Crop out;
  for (int c = 0; c < format.components(); ++c) {
    const auto i = static_cast<std::size_t>(c);
    const int sx = c ? format.chroma_shift_x() : 0, sy = c ? format.chroma_shift_y() : 0;
    out.planes[i] = {holes[i].width, holes[i].height, {}};
    for (int y = 0; y < holes[i].height; ++y)
      for (int x = 0; x < holes[i].width; ++x) {
        // A chroma sample is the mean of the luma places that it stands for.
        float v = 0;
        for (int n = 0; n <= sy; ++n)
          for (int m = 0; m <= sx; ++m) v += scene.at(left + (x << sx) + m, top + (y << sy) + n);
        v /= static_cast<float>((1 + sx) * (1 + sy));
        const bool hidden = painted && holes[i].values[out.planes[i].samples.size()];
        out.planes[i].samples.push_back(
            static_cast<std::uint16_t>(hidden ? 240 * unit : v * unit + .5F));
      }
  }
  return out;
}

/// On one device, by default the host's.
struct Placed {
  Device device;
  Stream stream = must(device.core().stream());
  Propagator propagator;

  Placed(PropagateOptions options, PixelFormat format, const Device& on = plain_device())
      : device(on), propagator(must(Propagator::create(options, device, format, masks(format)))) {}
  Result<Flow> push(const Crop& crop, std::int64_t frame) {
    return propagator.push(stream, crop, {}, frame);
  }
  Result<Flow> pull(Crop& crop) { return propagator.pull(stream, crop); }
  Result<Flow> flush() { return propagator.flush(); }
};

/// Pushes all, pulls all.
std::vector<Crop> run(Placed& p, const std::vector<Crop>& crops, std::int64_t first = 0) {
  std::vector<Crop> out;
  Crop crop;
  const auto drain = [&](Flow last) {
    for (;;) {
      const auto flow = p.pull(crop);
      REQUIRE(flow);
      if (*flow != Flow::ok) {
        REQUIRE(*flow == last);
        return;
      }
      out.push_back(crop);
    }
  };
  for (std::size_t i = 0; i < crops.size(); ++i) {
    const auto flow = p.push(crops[i], first + static_cast<std::int64_t>(i));
    REQUIRE(flow);
    REQUIRE(*flow == Flow::ok);
    drain(Flow::again);
  }
  REQUIRE(p.flush());
  drain(Flow::end);
  REQUIRE(out.size() == crops.size());
  return out;
}

/// Root mean square error in a component's hole, 8-bit code values.
double error(const Crop& a, const Crop& b, PixelFormat format, std::size_t c = 0) {
  const auto holes = masks(format);
  double sum = 0, n = 0;
  for (std::size_t i = 0; i < holes[c].values.size(); ++i)
    if (holes[c].values[i]) {
      const double d = double(a.planes[c].samples[i]) - b.planes[c].samples[i];
      sum += d * d;
      ++n;
    }
  return std::sqrt(sum / n) / (1 << (format.bits - 8));
}
}  // namespace

TEST_CASE("what a pan shows before or after comes back, in every component and depth") {
  const PixelFormat format =
      GENERATE(PixelFormat{Layout::grey, 8}, PixelFormat{Layout::yuv420, 8},
               PixelFormat{Layout::yuv422, 10}, PixelFormat{Layout::yuv444, 12});
  const Scene scene(1, 0, 255);
  std::vector<Crop> seen, truth;
  for (int t = 0; t < 25; ++t) {
    seen.push_back(look(scene, format, 20 + 3.3 * t, 60 - .6 * t, true));
    truth.push_back(look(scene, format, 20 + 3.3 * t, 60 - .6 * t, false));
  }
  Placed p({.radius = 12, .grain = 0}, format);
  const auto out = run(p, seen);
  auto filler = Filler::create({}, format, masks(format));
  REQUIRE(filler);
  for (int c = 0; c < format.components(); ++c) {
    const auto i = static_cast<std::size_t>(c);
    Crop plain = seen[12];
    REQUIRE(filler->fill(plain, 12));
    const double spatial = error(plain, truth[12], format, i);
    CAPTURE(c, spatial);
    REQUIRE(error(out[12], truth[12], format, i) < .25 * spatial);
  }
}

TEST_CASE("a run that starts later gives the same samples once the radius is behind it") {
  const PixelFormat format{Layout::yuv420, 8};
  const Scene scene(2, 0, 255);
  std::vector<Crop> seen;
  for (int t = 0; t < 24; ++t)
    seen.push_back(look(scene, format, 20 + 2.1 * t, 60 + 3 * std::sin(.4 * t), true));
  Placed whole({.radius = 4}, format);
  Placed part({.radius = 4}, format);
  const auto all = run(whole, seen);
  const auto later = run(part, {seen.begin() + 6, seen.end()}, 6);
  for (std::size_t i = 4; i < later.size(); ++i)
    for (std::size_t c = 0; c < 3; ++c)
      REQUIRE(later[i].planes[c].samples == all[i + 6].planes[c].samples);
}

TEST_CASE("nothing comes over a cut") {
  const PixelFormat format{Layout::grey, 8};
  const Scene dark(3, 20, 60), bright(4, 160, 220);
  std::vector<Crop> seen;
  for (int t = 0; t < 16; ++t)
    seen.push_back(look(t < 8 ? dark : bright, format, 20 + 2. * t, 50, true));
  Placed p({.radius = 6, .grain = 0}, format);
  const auto out = run(p, seen);
  const auto holes = masks(format);
  for (std::size_t t = 0; t < out.size(); ++t)
    for (std::size_t i = 0; i < holes[0].values.size(); ++i)
      if (holes[0].values[i]) REQUIRE((out[t].planes[0].samples[i] < 100) == (t < 8));
}

TEST_CASE("where the picture stands still the fill stands still, grain and all") {
  const PixelFormat format{Layout::yuv420, 8};
  const Scene scene(5, 60, 160);
  const std::vector<Crop> seen(12, look(scene, format, 30, 30, true));
  Placed p({.radius = 3, .grain = 1}, format);
  const auto out = run(p, seen);
  for (const Crop& crop : out)
    for (std::size_t c = 0; c < 3; ++c) REQUIRE(crop.planes[c].samples == out[0].planes[c].samples);
}

TEST_CASE("outside the hole a propagated crop is as it came") {
  const PixelFormat format{Layout::yuv420, 8};
  const Scene scene(6, 0, 255);
  std::vector<Crop> seen;
  for (int t = 0; t < 9; ++t) seen.push_back(look(scene, format, 20 + 4. * t, 50, true));
  Placed p({.radius = 3}, format);
  const auto out = run(p, seen);
  const auto holes = masks(format);
  for (std::size_t t = 0; t < out.size(); ++t)
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t i = 0; i < holes[c].values.size(); ++i)
        if (!holes[c].values[i])
          REQUIRE(out[t].planes[c].samples[i] == seen[t].planes[c].samples[i]);
}

TEST_CASE("a propagator holds back its radius, and takes a new run after the end of one") {
  const PixelFormat format{Layout::grey, 8};
  const Scene scene(7, 0, 255);
  const Crop crop = look(scene, format, 9, 9, true);
  Placed p({.radius = 2}, format);
  REQUIRE(p.propagator.latency() == 2);
  Crop got;
  for (int t = 0; t < 3; ++t) {
    REQUIRE(*p.pull(got) == Flow::again);
    REQUIRE(*p.push(crop, t) == Flow::ok);
  }
  REQUIRE(*p.push(crop, 3) == Flow::full);
  REQUIRE(*p.pull(got) == Flow::ok);
  const auto gap = p.push(crop, 9);
  REQUIRE_FALSE(gap);
  REQUIRE(gap.error().code == Code::bad_order);
  REQUIRE(p.flush());
  REQUIRE(*p.pull(got) == Flow::ok);
  REQUIRE(*p.pull(got) == Flow::ok);
  REQUIRE(*p.pull(got) == Flow::end);
  REQUIRE(*p.push(crop, 40) == Flow::ok);
}

TEST_CASE("a radius out of range is refused with a sentence") {
  const PixelFormat format{Layout::grey, 8};
  for (const int radius : {0, 65}) {
    const auto made = Propagator::create({.radius = radius}, plain_device(), format, masks(format));
    REQUIRE_FALSE(made);
    REQUIRE(made.error().code == Code::invalid_argument);
  }
}

namespace {
/// A pan whose hole is wide, so that near frames do not show all of it.
std::vector<Crop> panned(PixelFormat format, int frames, double speed) {
  const Scene scene(8, 0, 255);
  std::vector<Crop> out;
  for (int t = 0; t < frames; ++t)
    out.push_back(look(scene, format, 20 + speed * t, 60 - .3 * t, true));
  return out;
}

/// Pushes and pulls until something fails.
Result<void> work(Placed& p, const std::vector<Crop>& crops) {
  Crop out;
  for (std::size_t i = 0; i < crops.size(); ++i) {
    CP_CHECK(p.push(crops[i], static_cast<std::int64_t>(i)));
    CP_CHECK(p.pull(out));
  }
  must(p.flush());
  for (;;) {
    CP_TRY(const Flow flow, p.pull(out));
    if (flow == Flow::end) return {};
  }
}
}  // namespace

TEST_CASE(
    "a device that works late fills from other frames as the host does, and needs each wait") {
  const PixelFormat format{Layout::yuv420, 8};
  for (const double speed : {0., 6.}) {  // all is seen soon, some of it never
    const std::vector<Crop> seen = panned(format, 22, speed);
    Placed plain({.radius = 9}, format);
    const std::vector<Crop> wanted = run(plain, seen);
    int waits = 0;
    for (const std::uint64_t seed : {1, 2, 3}) {
      const auto strict =
          std::make_shared<StrictDevice>(StrictOptions{.seed = seed, .in_place = seed == 3});
      Placed late({.radius = 9}, format, Device(strict));
      const std::vector<Crop> got = run(late, seen);
      for (std::size_t t = 0; t < got.size(); ++t)
        for (std::size_t c = 0; c < 3; ++c)
          REQUIRE((got[t].planes[c].samples == wanted[t].planes[c].samples));
      REQUIRE(strict->violations() == std::vector<std::string>{});
      waits = strict->waits();
    }
    REQUIRE(waits >= static_cast<int>(seen.size()));
    for (int k = 0; k < waits; ++k) {
      const auto strict = std::make_shared<StrictDevice>(StrictOptions{.drop_wait = k});
      Placed late({.radius = 9}, format, Device(strict));
      static_cast<void>(work(late, seen));
      CAPTURE(speed, k, waits);
      CHECK_FALSE(strict->violations().empty());
    }
  }
}

TEST_CASE("where a device fails, filling from other frames gives its error and touches nothing") {
  const PixelFormat format{Layout::yuv420, 8};
  const std::vector<Crop> seen = panned(format, 8, 5);
  const auto whole = std::make_shared<StrictDevice>();
  {
    Placed placed({.radius = 3}, format, Device(whole));
    must(work(placed, seen));
  }
  const int allocations = whole->allocations();
  REQUIRE(allocations > 20);
  for (int k = 0; k < allocations + whole->launches(); ++k) {
    StrictOptions options;
    options.fail_allocation = k < allocations ? k : -1;
    options.fail_launch = k < allocations ? -1 : k - allocations;
    const auto strict = std::make_shared<StrictDevice>(options);
    Placed failing({.radius = 3}, format, Device(strict));
    const auto done = work(failing, seen);
    CAPTURE(k, allocations);
    REQUIRE_FALSE(done);
    REQUIRE(done.error().code == (k < allocations ? Code::out_of_memory : Code::device));
    must(failing.stream.wait());
    REQUIRE(strict->violations() == std::vector<std::string>{});
  }
}
