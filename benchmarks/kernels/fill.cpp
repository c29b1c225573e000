// The classical fill of a mark of 230 × 77 samples (12 % of a 1080p picture's width) in a crop with
// 24 samples around it; one frame, one thread.
#include "inpaint/fill.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace {
using namespace cleanplate;

constexpr int width = 278, height = 124, border = 24;

struct FillCase {
  Crop crop;
  HoleMasks holes;

  FillCase() {
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
  const FillCase c;
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
}  // namespace
