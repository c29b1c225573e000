/// @file
/// The one `threads` and the one `max_memory`, shared out over decoder, pixel work and encoder.
#pragma once
#include <cleanplate/options.h>

#include <cstdint>

namespace cleanplate {

struct Budget {
  int threads = 1;  ///< all of them
  int decoder_threads = 1, pool_threads = 1, encoder_threads = 1;
  std::int64_t memory = 0;       ///< bytes, all told
  std::int64_t scan_memory = 0;  ///< bytes for a scan's statistics and kept samples
  /// Frames that may wait in each queue between two threads, 2…8.
  int queue_frames = 2;
};

/// Each share is at least 1. The encoder gets the most, as it has the most to do; shares add up
/// to `threads` plus a quarter, since queues keep the three from being busy all at once.
/// @param frame_bytes  of one decoded picture; 0 where it is not known yet.
[[nodiscard]] Budget share_budget(const Options& options, std::int64_t frame_bytes);

enum class Tier { small, middle, large };  ///< below 8 GiB, between, from 16 GiB
[[nodiscard]] Tier tier_of(std::int64_t free_bytes);
[[nodiscard]] const char* name_of(Tier tier);
/// Batches that stand at their defaults are made to fit the memory where networks run: a half or
/// so less in the small tier, as much more in the large one. What was set otherwise is kept.
void fit_batches(Options& options, std::int64_t free_bytes);
/// What networks on the host may think of as free: max_memory, or what is.
[[nodiscard]] std::int64_t host_memory(const Options& options);

/// Cores that this process may use, ≥ 1: affinity and the control group's quota count.
[[nodiscard]] int usable_cores();
/// Bytes that could be had without swapping: the system's, or what the control group leaves.
[[nodiscard]] std::int64_t free_memory();

}  // namespace cleanplate
