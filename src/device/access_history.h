/// @file
/// Finds accesses that nothing orders, with vector clocks (Fidge 1988, Mattern 1989).
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "device/access.h"

namespace cleanplate {

/// For each actor, how many of its steps have surely been made.
class Clock {
 public:
  [[nodiscard]] std::uint64_t of(std::size_t actor) const {
    return actor < steps_.size() ? steps_[actor] : 0;
  }
  /// One more step of this actor. @return its number.
  std::uint64_t step(std::size_t actor);
  /// What the other knows is known here too.
  void join(const Clock& other);

 private:
  std::vector<std::uint64_t> steps_;
};

/// Who touched which bytes, as far as it can still matter.
/// Threads: one object, one thread at a time.
class AccessHistory {
 public:
  struct Step {
    std::size_t actor;     ///< 0 the host, from 1 on the streams
    std::uint64_t number;  ///< of the actor's steps
    std::string name;      ///< "launch UnblendPixel on stream 2"
  };

  /// Notes what a step touches.
  /// @param known  the clock of that step.
  /// @return a sentence for each earlier access that `known` does not hold and that cannot
  ///         commute: one of the two writes.
  std::vector<std::string> note(const Step& step, const Clock& known, const Access* touches,
                                std::size_t count);

 private:
  struct Entry {
    Step step;
    Access access;
  };
  /// Calls use(entry) for each that overlaps, and erases it where that gives true.
  template <class Use>
  void each_overlapping(const Access& now, Use&& use);

  std::multimap<std::uintptr_t, Entry> entries_;  // by the first byte
  std::size_t widest_ = 0;                        // bytes that an entry ever touched
};

}  // namespace cleanplate
