/// @file
/// What this program and the library in it allocate and copy. Counted by the linker's --wrap for C
/// functions and by replacing operator new, so FFmpeg's own and the C library's do not count.
#pragma once
#include <cstdint>

namespace cost {

struct Counts {
  std::int64_t allocations = 0, allocated = 0;  ///< calls; bytes
  std::int64_t large = 0;                       ///< allocations of a page or more
  std::int64_t copied = 0;                      ///< bytes by memcpy and memmove
  std::int64_t pictures = 0;                    ///< libav's calls that copy a whole picture

  Counts operator-(const Counts& o) const {
    return {allocations - o.allocations, allocated - o.allocated, large - o.large,
            copied - o.copied, pictures - o.pictures};
  }
};

/// Of all threads since the program began.
[[nodiscard]] Counts counts();

}  // namespace cost
