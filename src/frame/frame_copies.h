/// @file
/// Copies of frames, one after another, in memory that is used again.
#pragma once
#include <cleanplate/frame.h>

#include <memory>

#include "frame/plane_memory.h"

namespace cleanplate {

/// What is given is Frame::writable_copy's; its memory is that of a copy that is gone, where there
/// is one: the system's pages are met once, and not for every frame.
/// Threads: one object, one thread at a time; the copies go in any.
class FrameCopies {
 public:
  /// @return as Frame::writable_copy.
  [[nodiscard]] Result<Frame> copy(const Frame& frame) const;

 private:
  std::shared_ptr<SpareMemory> spare_ = std::make_shared<SpareMemory>();
};

}  // namespace cleanplate
