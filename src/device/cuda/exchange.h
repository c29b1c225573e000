/// @file
/// Pinned memory through which pictures go to and from another program's memory on the card.
#pragma once
#include <cuda_runtime_api.h>

#include <array>
#include <cstddef>
#include <span>

#include "device/device_core.h"

namespace cleanplate {

/// What a card's failure means here, for cuda_error.
inline constexpr const char* not_copied =
    "the picture was not copied, hand it over in the host's memory";

/// In strips of rows, so that card and host copy at the same time, and so much memory is pinned
/// and no more. The calling thread copies the host's side: nothing of ours waits in the other
/// program's stream but the card's own copies. Memory is kept from call to call.
/// Threads: one at a time; any stream of the card at each call.
class Exchange {
 public:
  Exchange() = default;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  /// Waits for copies that are still under way.
  ~Exchange();

  /// @param after  waited for in the stream; may be null.
  /// @return when the rows are in the host's memory; after a failure nothing is under way.
  Result<void> download(cudaStream_t stream, cudaEvent_t after, std::span<const Copy> planes);
  /// @param then  recorded after the copies; may be null.
  /// @return when the host's rows have been read, the rest is queued; after a failure as above.
  Result<void> upload(cudaStream_t stream, std::span<const Copy> planes, cudaEvent_t then);
  /// From memory of the card to other memory of it, whole planes.
  /// @return when they are copied; after a failure as above.
  Result<void> within(cudaStream_t stream, cudaEvent_t after, std::span<const Copy> planes,
                      cudaEvent_t then);

 private:
  struct Slot {
    void* memory = nullptr;
    cudaEvent_t reached = nullptr;  ///< the card's copy is made
    bool under_way = false;
    Copy rows{};  ///< the host's side of a download, yet to be made; else no rows
    Slot() = default;
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot();
  };
  /// The next slot in turn, free; `memory` too.
  Result<Slot*> take();
  /// The same without memory.
  Result<Slot*> take_event();
  static Result<void> finish(Slot& slot);
  /// After a failure: what was queued is done, or never will be.
  void abandon(cudaStream_t stream);

  std::array<Slot, 4> slots_;
  std::size_t next_ = 0;
};

}  // namespace cleanplate
