// Un-blending and writing back a whole 1080p plane, for each instruction set, on one thread: a mark
// covers a few per cent of it, so the figures are an upper bound.
#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <vector>

#include "composite/composite_pixel.h"
#include "core/random.h"
#include "device/host_device.h"
#include "device/mirror.h"
#include "inpaint/unblend_pixel.h"

namespace {
using namespace cleanplate;

constexpr int width = 1920, height = 1080, top = 255;
constexpr float limit = .9F;

/// Random samples under α in 1/256, below and above the limit.
class UnblendCase {
 public:
  explicit UnblendCase(Simd build)
      : device_(std::make_shared<HostDevice>(build, 1, std::size_t{1} << 30)) {
    Random random(1);
    ready_ = device_.core().stream() && seen_.resize(device_, width, height) &&
             out_.resize(device_, width, height) && alpha_.resize(device_, width, height) &&
             colour_.resize(device_, width, height);
    if (!ready_) return;
    stream_ = *device_.core().stream();
    for (int i = 0; i < width * height; ++i) {
      seen_.host(Touch::write)[i] = static_cast<std::uint16_t>(random.below(top + 1));
      alpha_.host(Touch::write)[i] = static_cast<float>(random.below(257)) / 256;
      colour_.host(Touch::write)[i] = static_cast<float>(random.below(top + 1));
    }
  }
  [[nodiscard]] bool launch() {
    return ready_ &&
           stream_.launch({width, height},
                          UnblendPixel{seen_.view(), alpha_.view(), colour_.view(), out_.view(), 1,
                                       limit, top},
                          reads(seen_.view(), alpha_.view(), colour_.view()),
                          writes(out_.view())) &&
           stream_.wait();
  }
  /// By another road: the value whose blend comes nearest (ties: upper), at one place in 35.
  [[nodiscard]] bool right() {
    if (!launch()) return false;
    for (int y = 0; y < height; y += 5)
      for (int x = 0; x < width; x += 7) {
        const int i = y * width + x;
        const int seen = seen_.host(Touch::read)[i];
        const double a = static_cast<double>(alpha_.host(Touch::read)[i]);
        const double w = static_cast<double>(colour_.host(Touch::read)[i]);
        int best = seen;
        double least = 1e9;
        if (a < static_cast<double>(limit))
          for (int j = 0; j <= top; ++j)
            if (const double e = std::abs(a * w + (1 - a) * j - seen); e <= least)
              least = e, best = j;
        if (out_.host(Touch::read)[i] != best) return false;
      }
    return true;
  }
  [[nodiscard]] std::string name() const { return device_.name(); }

 private:
  Device device_;
  Stream stream_;
  Mirror<std::uint16_t> seen_, out_;
  Mirror<float> alpha_, colour_;
  bool ready_ = false;
};

void unblend_1080p(benchmark::State& state) {
  const auto build = static_cast<Simd>(state.range(0));
  if (!runs_here(build)) return state.SkipWithError("this processor has not got it");
  UnblendCase c(build);
  if (!c.right()) return state.SkipWithError("wrong answer, no time");
  for (auto _ : state)
    if (!c.launch()) return state.SkipWithError("the launch failed");
  state.SetItemsProcessed(state.iterations() * width * height);
  state.SetLabel(c.name());
}
BENCHMARK(unblend_1080p)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void composite_1080p(benchmark::State& state) {
  const auto build = static_cast<Simd>(state.range(0));
  if (!runs_here(build)) return state.SkipWithError("this processor has not got it");
  const Device device(std::make_shared<HostDevice>(build, 1, std::size_t{1} << 30));
  auto stream = device.core().stream();
  Mirror<std::uint16_t> restored;
  Mirror<std::uint8_t> mask, words;
  if (!stream || !restored.resize(device, width, height) || !mask.resize(device, width, height) ||
      !words.resize(device, width, height))
    return state.SkipWithError("no memory");
  Random random(2);
  std::vector<std::uint8_t> wanted;
  for (int i = 0; i < width * height; ++i) {
    const int r = random.below(256), old = random.below(256), m = random.below(3) * 255 / 2;
    restored.host(Touch::write)[i] = static_cast<std::uint16_t>(r);
    words.host(Touch::write)[i] = static_cast<std::uint8_t>(old);
    mask.host(Touch::write)[i] = static_cast<std::uint8_t>(m);
    wanted.push_back(static_cast<std::uint8_t>(std::lround((r * m + old * (255 - m)) / 255.)));
  }
  const auto launch = [&] {
    return stream->launch(
               {width, height},
               CompositePixel<std::uint8_t, 1>{restored.view(), mask.view(), words.view(), 0},
               reads(restored.view(), mask.view(), words.view()), writes(words.view())) &&
           stream->wait();
  };
  if (!launch() || !std::equal(wanted.begin(), wanted.end(), words.host(Touch::read)))
    return state.SkipWithError("wrong answer, no time");
  for (auto _ : state)
    if (!launch()) return state.SkipWithError("the launch failed");
  state.SetItemsProcessed(state.iterations() * width * height);
  state.SetLabel(device.name());
}
BENCHMARK(composite_1080p)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
}  // namespace

BENCHMARK_MAIN();
