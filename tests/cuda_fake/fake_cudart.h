/// @file
/// CUDA's runtime played on the host, as badly as its rules allow: the device room's CUDA code runs
/// here without a card. Streams get on late and in any order that events leave open.
#pragma once
#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fake {

struct Card {
  int driver = 13000;  ///< 0: none installed
  int cards = 1;
  int capability = 90;
  bool pools = true;
  std::size_t memory = std::size_t{1} << 30;
  std::uint64_t seed = 1;
  bool wrong_numbers = false;  ///< every kernel's first row is lost
  int fail_call = -1;          ///< this call into the runtime fails, from 0 on; -1: none
  cudaError_t failure = cudaErrorMemoryAllocation;
  bool for_good = false;  ///< and each one after it: CUDA's errors that end a context
};

/// A fresh machine; all that the last one gave must be given back.
void set(const Card& card);
/// The call after so many more fails.
void fail_after(int calls, cudaError_t failure, bool for_good);
/// While it lives this thread's calls are another program's: not counted, and none fails.
class Others {
 public:
  Others();
  Others(const Others&) = delete;
  Others& operator=(const Others&) = delete;
  ~Others();
};
/// Whether no call has failed for good.
[[nodiscard]] bool alive();
/// Calls so far.
[[nodiscard]] int calls();
/// What was done wrong, a sentence each: memory that is not there, or pageable in a copy; leaks.
[[nodiscard]] std::vector<std::string> complaints();
/// Bytes of each copy so far of a kind.
[[nodiscard]] std::vector<std::size_t> copies(cudaMemcpyKind kind);
/// The card's memory that another library gave, NVDEC's surfaces, and gave back.
void lend(const void* first, std::size_t bytes);
void take_away(const void* first);
/// Whether the card's memory is there, and from no pool.
[[nodiscard]] bool is_plain(const void* first, std::size_t bytes);
/// Pieces of memory given so far, the card's and pinned; bytes of the card's that are out.
[[nodiscard]] int given();
[[nodiscard]] std::size_t used();
/// Kernels run.
[[nodiscard]] int grids();

}  // namespace fake
