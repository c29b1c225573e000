// Un-blending a place of 200 × 100 samples with its surroundings, and the clean-up of what that
// made of the noise. One frame's luma, one thread.
#include "inpaint/clean_up.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <string>

#include "core/random.h"
#include "device/host_device.h"
#include "device/mirror.h"
#include "inpaint/unblend_pixel.h"

namespace {
using namespace cleanplate;

constexpr Box mark{600, 300, 200, 100};
constexpr float alpha_limit = .99F, least_alpha = 1.F / 255, opacity = .5F, white = 235;
constexpr int scene = 91;  // the blend is a whole code value

/// A flat scene under half a mark, and what coding left of noise: ±1 code value.
struct Place {
  Device device;
  Stream stream;
  Box box = CleanUp::with_surroundings(mark, {1920, 1080}, false);
  Mirror<std::uint16_t> seen, out;
  Mirror<float> alpha, colour;
  std::optional<CleanUp> clean_up;
  bool ready = false;

  explicit Place(Simd build)
      : device(std::make_shared<HostDevice>(build, 1, std::size_t{1} << 30)) {
    auto made = device.core().stream();
    if (!made) return;
    stream = *made;
    const int w = box.width, h = box.height;
    if (!seen.resize(device, w, h) || !out.resize(device, w, h) || !alpha.resize(device, w, h) ||
        !colour.resize(device, w, h))
      return;
    Random random(1);
    std::vector<float> opacities;
    for (int i = 0; i < w * h; ++i) {
      const bool marked = mark.contains(box.x + i % w, box.y + i / w);
      opacities.push_back(marked ? opacity : 0);
      alpha.host(Touch::write)[i] = opacities.back();
      colour.host(Touch::write)[i] = white;
      const double blend = marked ? (static_cast<double>(white) + scene) / 2 : scene;
      seen.host(Touch::write)[i] = static_cast<std::uint16_t>(
          std::lround(blend) + (marked ? static_cast<int>(random.below(3)) - 1 : 0));
    }
    const std::vector<std::uint8_t> no_scene(opacities.size());
    auto cleaner = CleanUp::create(
        device, stream, {{w, h}, &opacities, &no_scene, 8, false, alpha_limit, least_alpha});
    if (!cleaner || !*cleaner) return;
    clean_up = std::move(*cleaner);
    ready = true;
  }
  bool unblend() {
    return stream.launch({box.width, box.height},
                         UnblendPixel{seen.view(), alpha.view(), colour.view(), out.view(), 1,
                                      alpha_limit, 255},
                         reads(seen.view(), alpha.view(), colour.view()), writes(out.view())) &&
           stream.wait();
  }
  /// Root mean square, code values.
  [[nodiscard]] double error() {
    double sum = 0;
    for (int i = 0; i < box.width * box.height; ++i)
      if (alpha.host(Touch::read)[i] > 0) sum += std::pow(out.host(Touch::read)[i] - scene, 2);
    return std::sqrt(sum / (mark.width * mark.height));
  }
};

void clean_up(benchmark::State& state, Simd build, bool cleans) {
  Place place(build);
  if (!place.ready) return state.SkipWithError("no memory");
  const auto work = [&] {
    if (!place.unblend()) return false;
    return !cleans ||
           (place.clean_up->run(place.stream, place.out.view(), place.alpha.view(), {1, 1}) &&
            place.stream.wait());
  };
  if (!place.unblend()) return state.SkipWithError("the launch failed");
  const double before = place.error();
  if (!work()) return state.SkipWithError("the launch failed");
  const double after = place.error();
  // Noise of ±1 is twice as strong half un-blended; of that a third may be left.
  if (before < 1.2 || before > 2.2 || (cleans && after > before / 3))
    return state.SkipWithError("wrong answer, no time");
  for (auto _ : state)
    if (!work()) return state.SkipWithError("the launch failed");
  state.SetLabel(fmt::format("cpu, 1 thread, error {:.2f} of {:.2f}", after, before));
}

const bool added = [] {
  for (const bool cleans : {false, true})
    for (const Simd build : {Simd::baseline, Simd::avx2})
      if (runs_here(build))
        benchmark::RegisterBenchmark(
            fmt::format("{}/{}", cleans ? "unblend_and_clean_up" : "unblend", simd_name(build))
                .c_str(),
            [=](benchmark::State& state) { clean_up(state, build, cleans); })
            ->Unit(benchmark::kMillisecond);
  return true;
}();
}  // namespace
