#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "every_device.h"
#include "inpaint/clean_up.h"

using namespace cleanplate;

namespace {

constexpr float limit = .99F, least = 1.F / 255;

struct Scene {
  Size size;
  int bits = 8;
  bool interlaced = false;
  float gain = 1;
  Guarded<std::uint16_t> samples;
  Guarded<float> alpha;
  std::vector<std::uint8_t> no_scene;

  /// An overlay of opacity `a` at `place`; the samples are `value`'s.
  template <class Value>
  Scene(Size s, const Box& place, float a, Value&& value)
      : size(s),
        samples(s.width, s.height, [] { return 77; }),
        alpha(s.width, s.height, [] { return 9; }),
        no_scene(static_cast<std::size_t>(s.width * s.height)) {
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x) {
        alpha(x, y) = place.contains(x, y) ? a : 0;
        samples(x, y) = static_cast<std::uint16_t>(std::clamp(std::lround(value(x, y)), 0L, 1023L));
      }
  }

  [[nodiscard]] Guarded<std::uint16_t> run(const Device& device) const {
    std::vector<float> there;
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x) there.push_back(alpha(x, y));
    Stream stream = must(device.core().stream());
    auto clean_up = must(
        CleanUp::create(device, stream, {size, &there, &no_scene, bits, interlaced, limit, least}));
    REQUIRE(clean_up);
    const OnDevice on(device, stream, samples);
    const OnDevice over(device, stream, alpha);
    must(clean_up->run(stream, on.view(), over.view(), {gain, gain}));
    return on.back(stream);
  }
  [[nodiscard]] Guarded<std::uint16_t> run() const { return run(every_device().front()); }

  [[nodiscard]] double rms(const Guarded<std::uint16_t>& of, double truth) const {
    double sum = 0, n = 0;
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x)
        if (alpha(x, y) > 0) sum += std::pow(of(x, y) - truth, 2), n += 1;
    return std::sqrt(sum / n);
  }
};

/// Over a sum of twelve: nearly a normal deviate.
double normal(Random& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.below(1 << 16) / 65536.;
  return sum;
}

using Block = std::array<std::array<double, 8>, 8>;

double cosine(int u, int k) {
  return std::cos((2 * k + 1) * u * std::numbers::pi / 16) * std::sqrt((u ? 2. : 1.) / 8);
}

Block transformed(const Block& in, bool back) {
  Block out{};
  for (int v = 0; v < 8; ++v)
    for (int u = 0; u < 8; ++u)
      for (int y = 0; y < 8; ++y)
        for (int x = 0; x < 8; ++x)
          out[static_cast<std::size_t>(v)][static_cast<std::size_t>(u)] +=
              in[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] *
              (back ? cosine(x, u) * cosine(y, v) : cosine(u, x) * cosine(v, y));
  return out;
}

/// By the definition, in double, block by block; every sample of the overlay has the same α.
std::vector<double> slowly(const Scene& scene, double a) {
  const double level = 2.5 * std::pow(2, scene.bits - 8);
  const double most = level / (1 - a * static_cast<double>(scene.gain));
  const int w = scene.size.width, h = scene.size.height;
  std::vector<std::pair<Block, double>> blocks;  // coefficients, share that is covered
  std::vector<std::pair<int, int>> places;
  Block strength{};
  double beside = 0;
  for (int y = 0; y + 8 <= h; y += 4)
    for (int x = 0; x + 8 <= w; x += 4) {
      Block block{};
      double covered = 0, other = 0;
      for (int j = 0; j < 8; ++j)
        for (int i = 0; i < 8; ++i) {
          block[static_cast<std::size_t>(j)][static_cast<std::size_t>(i)] =
              scene.samples(x + i, y + j);
          covered += scene.alpha(x + i, y + j) > 0 ? 1. / 64 : 0;
          other += scene.no_scene[static_cast<std::size_t>((y + j) * w + x + i)];
        }
      block = transformed(block, false);
      if (covered <= 0 && other <= 0) {
        beside += 1;
        for (std::size_t v = 0; v < 8; ++v)
          for (std::size_t u = 0; u < 8; ++u)
            strength[v][u] += std::min(block[v][u] * block[v][u], most * most);
      }
      blocks.emplace_back(block, covered), places.emplace_back(x, y);
    }
  std::vector<double> sum(static_cast<std::size_t>(w * h)), weight(sum.size());
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    auto& [block, covered] = blocks[b];
    const double square = most * most * covered;
    double kept = 1;
    for (std::size_t v = 0; v < 8; ++v)
      for (std::size_t u = 0; u < 8; ++u) {
        double& c = block[v][u];
        const double s = beside > 0 ? strength[v][u] / beside : 0;
        if (c * c > square || (u == 0 && v == 0))
          kept += 1;
        else if (square > 0)
          c *= s / (s + square / 4);
      }
    const Block back = transformed(block, true);
    for (std::size_t j = 0; j < 8; ++j)
      for (std::size_t i = 0; i < 8; ++i) {
        const auto at =
            (static_cast<std::size_t>(places[b].second) + j) * static_cast<std::size_t>(w) +
            static_cast<std::size_t>(places[b].first) + i;
        sum[at] += back[j][i] / kept, weight[at] += 1 / kept;
      }
  }
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] /= std::max(weight[i], 1e-30);
  return sum;
}

}  // namespace

TEST_CASE("a clean-up is what its definition says, on every device") {
  const int bits = GENERATE(8, 10);
  const float a = .4F, gain = GENERATE(1.F, .5F);
  for (const Size size : {Size{40, 36}, Size{65, 43}, Size{8, 8}}) {
    Random random(5);
    Scene scene(size, {9, 7, 21, 15}, a, [&](int x, int y) {
      return 400 * (x > 20) + 3 * std::sin(x) + y + 2 * normal(random) + 100;
    });
    if (size.width == 8) scene.alpha = Guarded<float>(8, 8, [&] { return a; });
    for (int i = 0; i < size.width; ++i) scene.no_scene[static_cast<std::size_t>(i)] = 255;
    scene.bits = bits, scene.gain = gain;
    const auto wanted = slowly(scene, static_cast<double>(a));
    std::optional<Guarded<std::uint16_t>> first;
    for (const Device& device : every_device()) {
      CAPTURE(device.name(), bits, gain, size.width, size.height);
      const auto got = scene.run(device);
      REQUIRE(violations(device).empty());
      if (first) REQUIRE((first->all == got.all));
      first = got;
    }
    int off = 0, covered = 0;
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x) {
        if (scene.alpha(x, y) <= 0) {
          REQUIRE((*first)(x, y) == scene.samples(x, y));
          continue;
        }
        const double d = std::clamp(wanted[static_cast<std::size_t>(y * size.width + x)], 0.,
                                    std::ldexp(1, bits) - 1) -
                         (*first)(x, y);
        ++covered, off += std::abs(d) > .51;
        REQUIRE(std::abs(d) < 1.5);  // a coefficient at the threshold may fall to either side
      }
    REQUIRE(off * 50 <= covered);
  }
}

TEST_CASE("noise goes where the surroundings have none, and a texture that they have stays") {
  const Box place{16, 16, 64, 40};
  Random random(3);
  const Scene flat({96, 72}, place, .5F, [&](int x, int y) {
    return 120 + (place.contains(x, y) ? 2 * normal(random) : 0);
  });
  CHECK(flat.rms(flat.run(), 120) < .4 * flat.rms(flat.samples, 120));

  const Scene grain({96, 72}, place, .5F, [&](int, int) { return 120 + 8 * normal(random); });
  CHECK(grain.rms(grain.run(), 120) > .95 * grain.rms(grain.samples, 120));

  // An edge stays where it is, whatever the surroundings are.
  const Scene edge({96, 72}, place, .5F,
                   [&](int x, int y) { return place.contains(x, y) && x > 45 ? 160 : 120; });
  const auto kept = edge.run();
  for (int x = 16; x < 80; ++x) CHECK(std::abs(kept(x, 30) - edge.samples(x, 30)) <= 1);
}

TEST_CASE("an interlaced picture's fields are cleaned up each by itself") {
  Random random(9);
  const Box place{12, 16, 40, 32};
  const Size size{64, 64};
  const auto value = [&](int x, int y) {
    return (y % 2 ? 60. : 180.) + x / 4. + (place.contains(x, y) ? 2 * normal(random) : 0);
  };
  Scene both(size, place, .5F, value);
  both.interlaced = true;
  const auto cleaned = both.run();
  for (int f = 0; f < 2; ++f) {
    Scene field({size.width, size.height / 2}, {12, 8, 40, 16}, .5F,
                [&](int x, int y) { return both.samples(x, 2 * y + f); });
    const auto alone = field.run();
    for (int y = 0; y < size.height / 2; ++y)
      for (int x = 0; x < size.width; ++x) REQUIRE(cleaned(x, 2 * y + f) == alone(x, y));
  }
}

TEST_CASE("surroundings lie in the plane, hold the overlay, and come in whole steps") {
  for (const bool interlaced : {false, true})
    for (const Box& overlay : {Box{0, 0, 5, 3}, Box{600, 331, 37, 22}, Box{0, 0, 637, 353},
                               Box{90, 91, 33, 27}, Box{631, 20, 6, 6}}) {
      const Box box = CleanUp::with_surroundings(overlay, {637, 353}, interlaced);
      CAPTURE(interlaced, overlay.x, overlay.y, box.x, box.y, box.width, box.height);
      CHECK(box.intersect(overlay) == overlay);
      CHECK(box.intersect({0, 0, 637, 353}) == box);
      if (overlay.width < 600) CHECK(box.width % 4 == 0);
      if (overlay.height < 300) CHECK(box.height % (interlaced ? 8 : 4) == 0);
    }
}
