/// @file
/// Memory for a picture's samples.
#pragma once
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace cleanplate {

class SpareMemory;

struct GiveBack {
  std::size_t mapped = 0;           ///< bytes, of memory that the system gave itself
  std::shared_ptr<SpareMemory> to;  ///< that keeps it; null: it goes
  void operator()(std::byte* memory) const;
};
using SampleMemory = std::unique_ptr<std::byte, GiveBack>;

/// From the system, and back to it. Begins at a multiple of 64. @return null: there is not enough.
[[nodiscard]] SampleMemory mapped_memory(std::size_t bytes);
/// Large pictures come from the system and go back to it: the C library would keep what it was
/// given back, in every thread's own store. Begins at a multiple of 64. @return null: there is not
/// enough.
[[nodiscard]] SampleMemory sample_memory(std::size_t bytes);

/// Keeps what it is given back, to give it again. Threads: any.
class SpareMemory {
 public:
  /// @return sample_memory that comes back here.
  [[nodiscard]] static SampleMemory take(const std::shared_ptr<SpareMemory>& from,
                                         std::size_t bytes);

 private:
  friend GiveBack;
  void keep(SampleMemory memory);

  std::mutex lock_;
  std::vector<SampleMemory> spare_;
  std::size_t bytes_ = 0;  // of each
};

}  // namespace cleanplate
