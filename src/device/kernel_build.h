/// @file
/// The loops themselves; included by each room's kernels.cpp only.
#pragma once
#include "device/kernel.h"

#if defined(__CUDACC__)

#include <cuda_runtime.h>

namespace cleanplate {
/// One thread a pixel.
template <class Kernel>
__global__ void grid_of(Kernel kernel, int width, int height) {
  const int x = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  const int y = static_cast<int>(blockIdx.y * blockDim.y + threadIdx.y);
  if (x < width && y < height) kernel(x, y);
}
}  // namespace cleanplate

#define CLEANPLATE_KERNEL(...)                                                       \
  int run_grid(const __VA_ARGS__& kernel, Extent extent, void* stream) {             \
    const dim3 block(32, 8);                                                         \
    const dim3 grid((static_cast<unsigned>(extent.width) + block.x - 1) / block.x,   \
                    (static_cast<unsigned>(extent.height) + block.y - 1) / block.y); \
    grid_of<__VA_ARGS__><<<grid, block, 0, static_cast<cudaStream_t>(stream)>>>(     \
        kernel, extent.width, extent.height);                                        \
    return static_cast<int>(cudaGetLastError());                                     \
  }

#else

#if defined(CLEANPLATE_BUILD_AVX2)
#if !defined(__AVX2__)
#error "The AVX2 build of the kernels is not compiled for AVX2."
#endif
#define CLEANPLATE_BUILD Avx2Build
#define CLEANPLATE_BUILD_NAME Simd::avx2
#else
#define CLEANPLATE_BUILD BaselineBuild
#define CLEANPLATE_BUILD_NAME Simd::baseline
#endif

#if defined(CLEANPLATE_BUILD_AVX2) || defined(CLEANPLATE_WITH_CUDA)
#define CLEANPLATE_NO_GRID(...)
#else
#define CLEANPLATE_NO_GRID(...) \
  int run_grid(const __VA_ARGS__&, Extent, void*) { return -1; }
#endif

// The functor is copied to a local so that the compiler sees that no store changes its views.
#define CLEANPLATE_KERNEL(...)                                                                \
  Simd run_rows(CLEANPLATE_BUILD, const __VA_ARGS__& kernel, int width, int begin, int end) { \
    const auto local = kernel;                                                                \
    for (int y = begin; y < end; ++y)                                                         \
      for (int x = 0; x < width; ++x) local(x, y);                                            \
    return CLEANPLATE_BUILD_NAME;                                                             \
  }                                                                                           \
  CLEANPLATE_NO_GRID(__VA_ARGS__)

#endif
