#include "device/cuda/grid.h"

namespace cleanplate {

cudaError_t queue_grid(const Launch& launch, cudaStream_t stream) {
  return static_cast<cudaError_t>(launch.grid(launch.kernel, launch.extent, stream));
}

}  // namespace cleanplate
