// Every pixel kernel of the path × format × size × SIMD level, on one thread. Bytes are those that
// a pixel reads and writes once. A wrong answer is no time.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>

#include "composite/composite_pixel.h"
#include "core/random.h"
#include "device/host_device.h"
#include "device/mirror.h"
#include "frame/read_sample.h"
#include "inpaint/unblend_pixel.h"
#include "kernels/against_memcpy.h"

namespace {
using namespace cleanplate;

struct Area {
  const char* name;
  int width, height;
};
// What the path works on is a mark's box; whole planes show what the memory gives.
constexpr Area areas[] = {
    {"mark", 278, 124}, {"720p", 1280, 720}, {"1080p", 1920, 1080}, {"2160p", 3840, 2160}};

struct Bits {
  int bits, shift;  ///< PixelFormat::sample_shift
};

/// One device, one stream, and the rows that a kernel works on.
struct Bench {
  Device device;
  Stream stream;
  bool ready = false;

  explicit Bench(Simd build)
      : device(std::make_shared<HostDevice>(build, 1, std::size_t{1} << 30)) {
    if (auto made = device.core().stream()) stream = *made, ready = true;
  }
  template <class T, class Value>
  void lay(Mirror<T>& rows, int width, int height, Value&& value) {
    ready = ready && rows.resize(device, width, height);
    if (!ready) return;
    T* at = rows.host(Touch::write);
    for (int i = 0; i < width * height; ++i) at[i] = static_cast<T>(value());
  }
};

/// Interleaved rows are twice as wide in memory.
template <class T, int Step>
DeviceView<T, Step> words_of(Mirror<T>& rows, int width, int height) {
  const auto packed = rows.view();
  return {packed.first, packed.stride, width, height};
}

template <class T, int Step>
void read_sample(benchmark::State& state, Simd build, Area area, Bits format) {
  Bench b(build);
  Mirror<T> words;
  Mirror<std::uint16_t> out;
  Random random(1);
  const int top = (1 << format.bits) - 1, w = area.width, h = area.height;
  b.lay(words, w * Step, h, [&] { return random.below(top + 1) << format.shift; });
  b.lay(out, w, h, [] { return 0; });
  if (!b.ready) return state.SkipWithError("no memory");
  const auto seen = words_of<T, Step>(words, w, h);
  const auto launch = [&] {
    return b.stream.launch({w, h}, ReadSample<T, Step>{seen, out.view(), format.shift}, reads(seen),
                           writes(out.view())) &&
           b.stream.wait();
  };
  if (!launch()) return state.SkipWithError("the launch failed");
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x)
      if (out.host(Touch::read)[y * w + x] !=
          words.host(Touch::read)[(y * w + x) * Step] / (1 << format.shift))
        return state.SkipWithError("wrong answer, no time");
  // Of interleaved rows every word passes through the cache.
  bench::timed(state, double{1} * w * h * (sizeof(T) * Step + 2), launch);
}

template <class T, int Step>
void composite(benchmark::State& state, Simd build, Area area, Bits format) {
  Bench b(build);
  Mirror<std::uint16_t> restored;
  Mirror<std::uint8_t> mask;
  Mirror<T> words;
  Random random(2);
  const int top = (1 << format.bits) - 1, w = area.width, h = area.height;
  b.lay(restored, w, h, [&] { return random.below(top + 1); });
  b.lay(mask, w, h, [&] { return random.below(3) * 255 / 2; });
  b.lay(words, w * Step, h, [&] { return random.below(top + 1) << format.shift; });
  if (!b.ready) return state.SkipWithError("no memory");
  const std::vector<T> before(words.host(Touch::read), words.host(Touch::read) + w * h * Step);
  const auto into = words_of<T, Step>(words, w, h);
  const auto launch = [&] {
    return b.stream.launch(
               {w, h}, CompositePixel<T, Step>{restored.view(), mask.view(), into, format.shift},
               reads(restored.view(), mask.view(), into), writes(into)) &&
           b.stream.wait();
  };
  if (!launch()) return state.SkipWithError("the launch failed");
  for (int i = 0; i < w * h * Step; ++i) {
    const int old = before[static_cast<std::size_t>(i)] >> format.shift;
    const int m = mask.host(Touch::read)[i / Step];
    const long mixed =
        std::lround((restored.host(Touch::read)[i / Step] * m + old * (255 - m)) / 255.);
    const long wanted = i % Step ? old : mixed;
    if (words.host(Touch::read)[i] != static_cast<T>(wanted << format.shift))
      return state.SkipWithError("wrong answer, no time");
  }
  bench::timed(state, double{1} * w * h * (2 + 1 + 2 * sizeof(T) * Step), launch);
}

void unblend(benchmark::State& state, Simd build, Area area, Bits format) {
  constexpr float limit = .9F;
  Bench b(build);
  Mirror<std::uint16_t> seen, out;
  Mirror<float> alpha, colour;
  Random random(3);
  const int top = (1 << format.bits) - 1, w = area.width, h = area.height;
  b.lay(seen, w, h, [&] { return random.below(top + 1); });
  b.lay(out, w, h, [] { return 0; });
  b.lay(alpha, w, h, [&] { return static_cast<float>(random.below(257)) / 256; });  // exact
  b.lay(colour, w, h, [&] { return random.below(top + 1); });
  if (!b.ready) return state.SkipWithError("no memory");
  const auto launch = [&] {
    return b.stream.launch(
               {w, h},
               UnblendPixel{seen.view(), alpha.view(), colour.view(), out.view(), 1, limit, top},
               reads(seen.view(), alpha.view(), colour.view()), writes(out.view())) &&
           b.stream.wait();
  };
  if (!launch()) return state.SkipWithError("the launch failed");
  // By another road: the value whose blend comes nearest (ties: upper), at one place in 35.
  for (int y = 0; y < h; y += 5)
    for (int x = 0; x < w; x += 7) {
      const int i = y * w + x, s = seen.host(Touch::read)[i];
      const double a = static_cast<double>(alpha.host(Touch::read)[i]);
      const double c = static_cast<double>(colour.host(Touch::read)[i]);
      int best = s;
      double least = 1e9;
      if (a < static_cast<double>(limit))
        for (int j = 0; j <= top; ++j)
          if (const double e = std::abs(a * c + (1 - a) * j - s); e <= least) least = e, best = j;
      if (out.host(Touch::read)[i] != best) return state.SkipWithError("wrong answer, no time");
    }
  bench::timed(state, double{1} * w * h * (2 + 4 + 4 + 2), launch);
}

using Body = void (*)(benchmark::State&, Simd, Area, Bits);

void add(const char* kernel, const char* format, Bits bits, Body body) {
  for (const Area& area : areas)
    for (const Simd build : {Simd::baseline, Simd::avx2})
      if (runs_here(build))
        benchmark::RegisterBenchmark(
            fmt::format("{}/{}/{}/{}", kernel, format, area.name, simd_name(build)).c_str(),
            [=](benchmark::State& state) { body(state, build, area, bits); })
            ->UseManualTime()
            ->Unit(benchmark::kMicrosecond);
}

const bool added = [] {
  add("ReadSample", "8 bit", {8, 0}, &read_sample<std::uint8_t, 1>);
  add("ReadSample", "nv12 chroma", {8, 0}, &read_sample<std::uint8_t, 2>);
  add("ReadSample", "10 bit", {10, 0}, &read_sample<std::uint16_t, 1>);
  add("ReadSample", "p010 luma", {10, 6}, &read_sample<std::uint16_t, 1>);
  add("ReadSample", "p010 chroma", {10, 6}, &read_sample<std::uint16_t, 2>);
  add("CompositePixel", "8 bit", {8, 0}, &composite<std::uint8_t, 1>);
  add("CompositePixel", "nv12 chroma", {8, 0}, &composite<std::uint8_t, 2>);
  add("CompositePixel", "10 bit", {10, 0}, &composite<std::uint16_t, 1>);
  add("CompositePixel", "p010 luma", {10, 6}, &composite<std::uint16_t, 1>);
  add("CompositePixel", "p010 chroma", {10, 6}, &composite<std::uint16_t, 2>);
  add("UnblendPixel", "8 bit", {8, 0}, &unblend);
  add("UnblendPixel", "10 bit", {10, 0}, &unblend);
  return true;
}();
}  // namespace
