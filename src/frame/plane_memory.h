/// @file
/// Memory for a picture's samples.
#pragma once
#include <cstddef>
#include <memory>

namespace cleanplate {

struct GiveBack {
  std::size_t mapped = 0;  ///< bytes, of memory that the system gave itself
  void operator()(std::byte* memory) const;
};
using SampleMemory = std::unique_ptr<std::byte, GiveBack>;

/// Large pictures come from the system and go back to it: the C library would keep what it was
/// given back, in every thread's own store. Begins at a multiple of 64. @return null: there is not
/// enough.
[[nodiscard]] SampleMemory sample_memory(std::size_t bytes);

}  // namespace cleanplate
