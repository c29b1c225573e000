/// @file
/// A kernel: a functor over a pixel, and its loops, one for each instruction set.
///
///     // blur_pixel.h (C++17)
///     struct BlurPixel { View<…> …; CLEANPLATE_HD void operator()(int x, int y) const; };
///     CLEANPLATE_DECLARE_KERNEL(BlurPixel)
///     // kernels.cpp of the room: compiled once for each instruction set, and by nvcc
///     CLEANPLATE_KERNEL(BlurPixel)
///     // host code
///     stream.launch({width, height}, BlurPixel{…}, reads(a, b), writes(c));
///
/// The loops of one set differ from another's by the tag in their signature, so that they are
/// different symbols; all that they call is inlined. tests/layering/symbols looks that no other
/// symbol leaves those objects.
#pragma once
#include "device/hd.h"

namespace cleanplate {

struct Extent {
  int width = 0, height = 0;
};

/// Which build of the loops ran.
enum class Simd : std::int32_t { baseline = 0, avx2 = 1 };
struct BaselineBuild {};
struct Avx2Build {};

// An AVX2 build of the loops exists.
#if defined(__x86_64__) || defined(_M_X64)
#define CLEANPLATE_HAS_AVX2 1
#else
#define CLEANPLATE_HAS_AVX2 0
#endif

/// Beside the functor, in namespace cleanplate. The loop runs rows begin … end-1 and says which
/// build it is; the grid goes to a cudaStream_t and gives a cudaError_t, -1 in a build without
/// CUDA.
#define CLEANPLATE_DECLARE_KERNEL(...)                                                    \
  Simd run_rows(BaselineBuild, const __VA_ARGS__& kernel, int width, int begin, int end); \
  Simd run_rows(Avx2Build, const __VA_ARGS__& kernel, int width, int begin, int end);     \
  int run_grid(const __VA_ARGS__& kernel, Extent extent, void* stream);                   \
  constexpr const char* kernel_name(const __VA_ARGS__*) { return #__VA_ARGS__; }

}  // namespace cleanplate
