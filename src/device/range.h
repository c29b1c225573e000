/// @file
/// Named stretches of a thread's time, for NVIDIA's profilers (Nsight Systems).
#pragma once

namespace cleanplate {

/// Opens and closes a named stretch on this thread; they nest.
void begin_range(const char* name);
void end_range();

/// From here to the end of the scope; nothing in a build without CUDA, and next to nothing where no
/// profiler looks. Threads: lives and ends on one.
class Range {
 public:
  /// @param name  "decode", …
  explicit Range(const char* name) { begin_range(name); }
  ~Range() { end_range(); }
  Range(const Range&) = delete;
  Range& operator=(const Range&) = delete;
};

}  // namespace cleanplate
