// The fill of a mark of 230 × 76 samples (12 % of a 1080p picture's width) in a crop with 24
// samples around it, from around and from other frames; of a place of 256 × 128 from other frames;
// and of one in texture that stands still, so that no frame shows what it hides. One frame, one
// thread.
#include "inpaint/fill.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/random.h"
#include "device/host_device.h"
#include "inpaint/propagate.h"

namespace {
using namespace cleanplate;

/// The host's device, with the calling thread alone.
struct OneThread {
  Device device{std::make_shared<HostDevice>(runs_here(Simd::avx2) ? Simd::avx2 : Simd::baseline, 1,
                                             std::size_t{1} << 30)};
  Stream stream = *device.core().stream();
};

struct FillCase {
  int width, height, border;
  Crop crop;
  HoleMasks holes;

  /// @param around  samples that are known on each side of the hole.
  FillCase(int hole_width, int hole_height, int around)
      : width(hole_width + 2 * around), height(hole_height + 2 * around), border(around) {
    for (int c = 0; c < 3; ++c) {
      const int shift = c > 0;
      CropPlane& plane = crop.planes[static_cast<std::size_t>(c)];
      HoleMask& hole = holes[static_cast<std::size_t>(c)];
      plane.width = hole.width = width >> shift;
      plane.height = hole.height = height >> shift;
      for (int y = 0; y < plane.height; ++y)
        for (int x = 0; x < plane.width; ++x) {
          plane.samples.push_back(static_cast<std::uint16_t>(ramp(x << shift, y << shift)));
          const int edge = border >> shift;
          hole.values.push_back(x >= edge && y >= edge && x < plane.width - edge &&
                                y < plane.height - edge);
        }
    }
  }
  /// What the picture is: a fill that is any good closes a ramp nearly without a trace.
  static int ramp(int x, int y) { return 40 + x / 2 + y / 3; }

  /// @return the greatest luma error in the hole, code values.
  [[nodiscard]] int worst(const Crop& filled) const {
    int most = 0;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        const auto i = static_cast<std::size_t>(y * width + x);
        most = std::max(most, std::abs(filled.planes[0].samples[i] - ramp(x, y)));
      }
    return most;
  }
};

void fill_mark(benchmark::State& state) {
  const FillCase c(230, 76, 24);
  FillOptions options;
  options.grain = 0;
  auto filler = Filler::create(options, {Layout::yuv420, 8}, c.holes);
  if (!filler) return state.SkipWithError(filler.error().message.c_str());
  Crop holed = c.crop;
  for (std::size_t p = 0; p < 3; ++p)
    for (std::size_t i = 0; i < holed.planes[p].samples.size(); ++i)
      if (c.holes[p].values[i]) holed.planes[p].samples[i] = 255;
  Crop filled = holed;
  // Measured: the ramp comes back to within 2 code values everywhere.
  if (!filler->fill(filled, 0) || c.worst(filled) > 4)
    return state.SkipWithError("wrong answer, no time");
  for (auto _ : state) {
    filled = holed;
    if (!filler->fill(filled, 0)) return state.SkipWithError("the fill failed");
    benchmark::DoNotOptimize(filled.planes[0].samples.data());
  }
  state.SetLabel("cpu, 1 thread, worst error " + std::to_string(c.worst(filled)));
}
BENCHMARK(fill_mark)->Unit(benchmark::kMillisecond);

/// A texture that pans by a sample a frame: what is hidden now was seen, or will be.
void propagate_mark(benchmark::State& state) {
  constexpr int speed = 9, lead = PropagateOptions{}.radius;
  const FillCase c(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)),
                   static_cast<int>(state.range(2)));
  constexpr double turn = 2 * 3.14159265358979 / (64 * speed);  // 64 frames go round
  const auto texture = [](int x, int y) {
    return static_cast<int>(
        std::lround(128 + 50 * std::sin(18 * turn * x) + 40 * std::sin(y / 4. + 7 * turn * x)));
  };
  const auto crop_at = [&](std::int64_t frame, bool holed) {
    Crop crop = c.crop;
    for (std::size_t p = 0; p < 3; ++p) {
      CropPlane& plane = crop.planes[p];
      const int shift = p > 0;
      for (int y = 0; y < plane.height; ++y)
        for (int x = 0; x < plane.width; ++x) {
          const auto i = static_cast<std::size_t>(y * plane.width + x);
          const int u = (x << shift) + speed * static_cast<int>(frame);
          plane.samples[i] = static_cast<std::uint16_t>(holed && c.holes[p].values[i] ? 255
                                                        : p                           ? 128
                                                            : texture(u, y));
        }
    }
    return crop;
  };
  PropagateOptions options;
  options.grain = 0;
  OneThread on;
  auto made = Propagator::create(options, on.device, {Layout::yuv420, 8}, c.holes);
  if (!made) return state.SkipWithError(made.error().message.c_str());
  std::vector<Crop> shown;
  for (int n = 0; n < 64; ++n) shown.push_back(crop_at(n, true));
  std::int64_t pushed = 0, pulled = 0;
  Crop out;
  const auto step = [&] {  // one in, one out once the window is full
    const auto in = made->push(on.stream, shown[static_cast<std::size_t>(pushed % 64)], {}, pushed);
    ++pushed;
    const auto flow = made->pull(on.stream, out);
    if (flow && *flow == Flow::ok) ++pulled;
    return in && *in == Flow::ok && static_cast<bool>(flow);
  };
  double error = 0, holes = 0;
  while (pulled <= lead)
    if (!step() || pushed > 64) return state.SkipWithError("no answer came");
  const Crop truth = crop_at(pulled - 1, false);
  for (std::size_t i = 0; i < out.planes[0].samples.size(); ++i)
    if (c.holes[0].values[i]) {
      error += std::abs(out.planes[0].samples[i] - truth.planes[0].samples[i]);
      ++holes;
    }
  // Another frame shows it: a fill from around would be wrong by some 30 code values.
  if (error / holes > 6) return state.SkipWithError("wrong answer, no time");
  for (auto _ : state) {
    if (!step()) return state.SkipWithError("the push failed");
    benchmark::DoNotOptimize(out.planes[0].samples.data());
  }
  state.SetLabel(fmt::format("cpu, 1 thread, mean error {:.1f}", error / holes));
}
BENCHMARK(propagate_mark)->Args({230, 76, 24})->Args({256, 128, 64})->Unit(benchmark::kMillisecond);

constexpr int wide = 384, high = 256, context = 64;  // 256 × 128 with what is looked at round it

/// Mean variance over windows of 5 × 5 of the luma.
double local_variance(const Crop& crop, int left, int top, int right, int bottom) {
  double total = 0, n = 0;
  for (int y = top; y + 5 <= bottom; y += 5)
    for (int x = left; x + 5 <= right; x += 5) {
      double sum = 0, squares = 0;
      for (int i = 0; i < 25; ++i) {
        const int place = (y + i / 5) * wide + x + i % 5;
        const double v = crop.planes[0].samples[static_cast<std::size_t>(place)];
        sum += v, squares += v * v;
      }
      total += (squares - sum * sum / 25) / 24, ++n;
    }
  return total / n;
}

/// Blobs of two samples and their noise, new in each frame.
void exemplar_mark(benchmark::State& state) {
  constexpr int frames = 16, lead = PropagateOptions{}.radius;
  HoleMasks holes;
  for (int c = 0; c < 3; ++c) {
    const int shift = c > 0;
    HoleMask& hole = holes[static_cast<std::size_t>(c)];
    hole = {wide >> shift, high >> shift, {}};
    for (int y = 0; y < hole.height; ++y)
      for (int x = 0; x < hole.width; ++x)
        hole.values.push_back(x << shift >= context && x << shift < wide - context &&
                              y << shift >= context && y << shift < high - context);
  }
  Random random(1);
  std::vector<double> blobs(wide * high / 4);
  for (double& b : blobs) b = 15 * random.normal();
  std::vector<Crop> seen(frames);
  for (Crop& crop : seen)
    for (std::size_t c = 0; c < 3; ++c) {
      const HoleMask& hole = holes[c];
      CropPlane& plane = crop.planes[c];
      plane = {hole.width, hole.height, {}};
      for (int y = 0; y < hole.height; ++y)
        for (int x = 0; x < hole.width; ++x) {
          const int blob = c ? y * (wide / 2) + x : y / 2 * (wide / 2) + x / 2;
          const double value = 128 + (c ? .3 : 1) * blobs[static_cast<std::size_t>(blob)];
          plane.samples.push_back(
              static_cast<std::uint16_t>(hole.values[static_cast<std::size_t>(y * hole.width + x)]
                                             ? 235
                                             : std::lround(value + random.normal())));
        }
    }
  OneThread on;
  auto made = Propagator::create({}, on.device, {Layout::yuv420, 8}, holes);
  if (!made) return state.SkipWithError(made.error().message.c_str());
  std::int64_t pushed = 0, pulled = 0;
  Crop out;
  const auto step = [&] {  // one in, one out once the window is full
    const auto in =
        made->push(on.stream, seen[static_cast<std::size_t>(pushed % frames)], {}, pushed);
    ++pushed;
    const auto flow = made->pull(on.stream, out);
    if (flow && *flow == Flow::ok) ++pulled;
    return in && *in == Flow::ok && static_cast<bool>(flow);
  };
  while (pulled <= lead)
    if (!step() || pushed > 64) return state.SkipWithError("no answer came");
  const double inside =
      local_variance(out, context + 12, context + 12, wide - context - 12, high - context - 12);
  const double beside = local_variance(out, 4, 4, wide - 4, context - 4);
  // A smooth fill has none of the surroundings' variance.
  if (inside < .2 * beside || inside > 1.2 * beside)
    return state.SkipWithError("wrong answer, no time");
  for (auto _ : state) {
    if (!step()) return state.SkipWithError("the push failed");
    benchmark::DoNotOptimize(out.planes[0].samples.data());
  }
  state.SetLabel(fmt::format("cpu, 1 thread, {:.0f} % of the variance", 100 * inside / beside));
}
BENCHMARK(exemplar_mark)->Unit(benchmark::kMillisecond);
}  // namespace
