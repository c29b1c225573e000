// A long job on a real card, whose driver says how much of its memory is free.
#include <cuda_runtime_api.h>

#include <algorithm>

#include "gpu/soak.h"

using namespace cleanplate;

TEST_CASE("a job of a thousand frames takes no more of the card's memory as it goes on") {
  const Soak soak;
  std::vector<std::size_t> free;
  const Report report = soak.run([&](int) {
    std::size_t now = 0, all = 0;
    REQUIRE(cudaMemGetInfo(&now, &all) == cudaSuccess);
    free.push_back(now);
  });
  for (const StageReport& stage : report.stages) WARN(stage.stage << ": " << stage.device);
  REQUIRE(report.frames_out == Soak::frames);
  REQUIRE(free.size() == Soak::frames);
  // A driver gives by 2 MiB; what is left of each frame would come to 69.
  constexpr std::size_t leeway = std::size_t{8} << 20;
  REQUIRE(*std::min_element(free.begin() + Soak::warm, free.end()) + leeway >= free[Soak::warm]);
}
