// Passes over frames that are plain loops of the host: the one whole copy that a frame with an
// overlay gets, samples as numbers, and what the scan does with each frame it looks at.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "core/random.h"
#include "detect/static_edges.h"
#include "frame/read_samples.h"
#include "kernels/against_memcpy.h"
#include "matte/crop_stack.h"

namespace {
using namespace cleanplate;

struct Kind {
  const char* name;
  PixelFormat format;
  Size size;
};
constexpr Kind kinds[] = {
    {"8 bit/720p", {Layout::yuv420, 8}, {1280, 720}},
    {"8 bit/1080p", {Layout::yuv420, 8}, {1920, 1080}},
    {"nv12/1080p", {Layout::nv12, 8}, {1920, 1080}},
    {"10 bit/1080p", {Layout::yuv420, 10}, {1920, 1080}},
    {"p010/2160p", {Layout::nv12, 10}, {3840, 2160}},
};

int value_of(const Frame& frame, int component, int x, int y) {
  const ComponentView v = frame.component(component);
  const std::byte* row = v.data + y * v.stride;
  if (frame.format().bits == 8) return static_cast<int>(row[x * v.step]);
  std::uint16_t word = 0;
  std::memcpy(&word, row + 2 * x * v.step, 2);
  return word >> frame.format().sample_shift();
}

/// A ramp with noise on it, other in every frame but for a square that stays.
Frame noisy(const Kind& kind, int seed) {
  auto frame = Frame::allocate(kind.format, kind.size);
  if (!frame) return {};
  Random random(static_cast<std::uint64_t>(seed)), still(99);
  for (int c = 0; c < 3; ++c) {
    const MutableComponentView v = frame->writable(c);
    for (int y = 0; y < v.height; ++y)
      for (int x = 0; x < v.width; ++x) {
        const bool stays = x >= 40 && x < 90 && y >= 30 && y < 60;
        const int value = (stays ? still : random).below(kind.format.max_value() + 1);
        std::byte* at = v.data + y * v.stride;
        if (kind.format.bits == 8) {
          at[x * v.step] = static_cast<std::byte>(value);
        } else {
          const auto word = static_cast<std::uint16_t>(value << kind.format.sample_shift());
          std::memcpy(at + 2 * x * v.step, &word, 2);
        }
      }
  }
  return *std::move(frame);
}

double bytes_of(const Frame& frame) {
  double samples = 0;
  for (int c = 0; c < 3; ++c)
    samples += static_cast<double>(frame.component(c).width) * frame.component(c).height;
  return samples * frame.format().bytes_per_sample();
}

void whole_copy(benchmark::State& state, const Kind& kind) {
  const Frame frame = noisy(kind, 1);
  const auto copy = frame.writable_copy();
  if (!frame || !copy) return state.SkipWithError("no memory");
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < frame.component(c).height; ++y)
      for (int x = 0; x < frame.component(c).width; ++x)
        if (value_of(frame, c, x, y) != value_of(*copy, c, x, y))
          return state.SkipWithError("wrong answer, no time");
  bench::timed(state, 2 * bytes_of(frame), [&] {
    const auto made = frame.writable_copy();
    benchmark::DoNotOptimize(made->component(0).data);
    return static_cast<bool>(made);
  });
}

void luma_as_numbers(benchmark::State& state, const Kind& kind) {
  const Frame frame = noisy(kind, 1);
  const Box all{0, 0, kind.size.width, kind.size.height};
  std::vector<std::uint16_t> out(static_cast<std::size_t>(all.area()));
  read_samples(frame, 0, all, out.data());
  for (int y = 0; y < all.height; ++y)
    for (int x = 0; x < all.width; ++x)
      if (out[static_cast<std::size_t>(y * all.width + x)] != value_of(frame, 0, x, y))
        return state.SkipWithError("wrong answer, no time");
  bench::timed(state, static_cast<double>(all.area()) * (kind.format.bytes_per_sample() + 2), [&] {
    read_samples(frame, 0, all, out.data());
    benchmark::DoNotOptimize(out.data());
    return true;
  });
}

void crop_stack(benchmark::State& state, const Kind& kind) {
  const Frame frame = noisy(kind, 1);
  const Box mark{40, 30, 278, 124};
  CropStack stack(kind.format, kind.size, mark);
  stack.add(frame);
  for (int c = 0; c < 3; ++c) {
    const Box box = stack.box(c);
    for (int y = 0; y < box.height; ++y)
      for (int x = 0; x < box.width; ++x)
        if (stack.samples(c, 0)[y * box.width + x] != value_of(frame, c, box.x + x, box.y + y))
          return state.SkipWithError("wrong answer, no time");
  }
  const double samples = 1.5 * static_cast<double>(mark.area());
  bench::timed(state, samples * (kind.format.bytes_per_sample() + 2), [&] {
    CropStack some(kind.format, kind.size, mark);
    some.add(frame);
    benchmark::DoNotOptimize(some.samples(0, 0));
    return true;
  });
}

/// The detector's sums, a frame. Verified by what they are for: gradients of the square that stays
/// are consistent, those of the noise are not.
void edge_statistics(benchmark::State& state, const Kind& kind) {
  EdgeStatistics sums(kind.size);
  constexpr int frames = 6;
  std::vector<Frame> shown;
  for (int n = 0; n < frames; ++n) shown.push_back(noisy(kind, n + 1)), sums.add(shown.back());
  const StaticEdges seen = sums.edges();
  double inside = 0, outside = 0;
  int in = 0, out = 0;
  const int r = seen.reduction;
  for (int y = 2; y < seen.consistency.height - 2; ++y)
    for (int x = 2; x < seen.consistency.width - 2; ++x) {
      const bool stays = x * r >= 44 && x * r < 84 && y * r >= 34 && y * r < 54;
      (stays ? inside : outside) += static_cast<double>(seen.consistency.at(x, y));
      ++(stays ? in : out);
    }
  if (inside / in < 4 * outside / out) return state.SkipWithError("wrong answer, no time");
  int n = 0;
  bench::timed(
      state,
      static_cast<double>(kind.size.width) * kind.size.height * kind.format.bytes_per_sample(),
      [&] {
        sums.add(shown[static_cast<std::size_t>(n++ % frames)]);
        return true;
      });
}

const bool added = [] {
  struct Pass {
    const char* name;
    void (*body)(benchmark::State&, const Kind&);
  };
  for (const Pass& pass :
       {Pass{"whole copy", &whole_copy}, Pass{"read_samples", &luma_as_numbers},
        Pass{"CropStack", &crop_stack}, Pass{"EdgeStatistics", &edge_statistics}})
    for (const Kind& kind : kinds)
      benchmark::RegisterBenchmark(fmt::format("{}/{}", pass.name, kind.name).c_str(),
                                   [=](benchmark::State& state) { pass.body(state, kind); })
          ->UseManualTime()
          ->Unit(benchmark::kMicrosecond);
  return true;
}();
}  // namespace
