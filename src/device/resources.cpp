#include "device/resources.h"

#include <cleanplate/installation.h>

#include "core/budget.h"
#include "device/device_core.h"

namespace cleanplate {

std::int64_t network_memory(const Options& options, const Device& device) {
  if (!device || !device.core().card()) return host_memory(options);
  return static_cast<std::int64_t>(device.core().memory().free);
}

Resources resources(const Options& options, const Device& device) {
  constexpr std::int64_t mebi = 1 << 20;
  const Budget budget = share_budget(options, 0);
  const std::int64_t memory = network_memory(options, device);
  Options fitted = options;
  fit_batches(fitted, memory);
  return {usable_cores(),         free_memory() / mebi,     budget.memory / mebi,
          budget.decoder_threads, budget.pool_threads,      budget.encoder_threads,
          memory / mebi,          name_of(tier_of(memory)), fitted.detect_batch,
          fitted.inpaint_batch,   fitted.segment_frames};
}

}  // namespace cleanplate
