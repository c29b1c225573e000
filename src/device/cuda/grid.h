/// @file
/// Where a launch reaches the card.
#pragma once
#include <cuda_runtime_api.h>

#include "device/device_core.h"

namespace cleanplate {

/// Queues the kernel's grid. Alone in its file: the tests put the host's loops here.
[[nodiscard]] cudaError_t queue_grid(const Launch& launch, cudaStream_t stream);

}  // namespace cleanplate
