// The overlay network: frames of 384 × 216 in one pass, and the mean picture of 1080p at its sizes.
#include <benchmark/benchmark.h>

#include <cmath>

#include "core/random.h"
#include "detect/mean_picture.h"
#include "detect/overlay_network.h"

namespace {
using namespace cleanplate;

Picture noise(Size size, int seed) {
  Picture p(size, 3);
  Random random(static_cast<std::uint64_t>(seed));
  for (auto& sample : p.samples) sample = static_cast<std::uint8_t>(random.below(256));
  return p;
}

void overlay_network_frames(benchmark::State& state) {
  auto network = OverlayNetwork::load({});
  if (!network) return state.SkipWithError(network.error().message.c_str());
  std::vector<Picture> batch;
  for (int n = 0; n < static_cast<int>(state.range(0)); ++n) batch.push_back(noise({384, 216}, n));
  const auto together = network->look(batch), last = network->look({batch.back()});
  if (!together || !last) return state.SkipWithError("the network gave no answer");
  for (std::size_t i = 0; i < (*last)[0].size(); ++i)
    if (std::abs((*last)[0].values[i] - together->back().values[i]) > 1e-4f)
      return state.SkipWithError("one pass gives other answers than one by one: no time");
  for (auto _ : state) benchmark::DoNotOptimize(network->look(batch));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void overlay_network_mean_1080p(benchmark::State& state) {
  auto network = OverlayNetwork::load({});
  if (!network) return state.SkipWithError(network.error().message.c_str());
  const Picture mean = noise({960, 540}, 1);  // reduced as MeanPicture does it
  if (!network->look({mean})) return state.SkipWithError("the network gave no answer");
  for (auto _ : state) {
    Picture p = mean;
    for (int level = 0; level < 3; ++level, p = halved(p))
      benchmark::DoNotOptimize(network->look({p}));
  }
}

BENCHMARK(overlay_network_frames)->Arg(1)->Arg(16)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(overlay_network_mean_1080p)->UseRealTime()->Unit(benchmark::kMillisecond);
}  // namespace
