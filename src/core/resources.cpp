#include <cleanplate/installation.h>

#include "core/budget.h"

namespace cleanplate {

Resources resources(const Options& options) {
  constexpr std::int64_t mebi = 1 << 20;
  const Budget budget = share_budget(options, 0);
  Options fitted = options;
  fit_batches(fitted, host_memory(options));
  return {usable_cores(),         free_memory() / mebi, budget.memory / mebi,
          budget.decoder_threads, budget.pool_threads,  budget.encoder_threads,
          fitted.detect_batch,    fitted.inpaint_batch, fitted.segment_frames};
}

}  // namespace cleanplate
