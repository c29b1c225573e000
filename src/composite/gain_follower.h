/// @file
/// An overlay's gain from frame to frame, steady where the frames cannot tell.
#pragma once
#include <cleanplate/gain.h>

#include <cstddef>
#include <deque>
#include <utility>

#include "matte/gain_meter.h"

namespace cleanplate {

/// A frame's answer depends on nothing but the measurements up to `radius` frames before and after
/// it, so it does not matter where a job was cut. Where the overlay is there as usual it is 1, and
/// where it is away it is 0, exactly; what lies between must be seen clearly. A frame that tells
/// nothing (the scene has the overlay's own colour) takes its neighbours' answer, else the scan's.
/// Threads: one object, one thread at a time.
class GainFollower {
 public:
  static constexpr std::size_t radius = 8;  ///< frames

  explicit GainFollower(GainHistory history) : history_(std::move(history)) {}

  /// The next frame's, as measured.
  void push(std::int64_t pts, const FrameGain& measured);
  /// What comes next is not connected with what came.
  void flush();
  /// Whether the oldest frame that was not popped has its answer.
  [[nodiscard]] bool ready() const { return !answers_.empty(); }
  [[nodiscard]] double front() const { return answers_.front(); }
  void pop() { answers_.pop_front(); }

 private:
  struct Seen {
    std::int64_t pts;
    double value, error;
    [[nodiscard]] bool tells() const { return error < .25; }
  };
  [[nodiscard]] bool is(std::size_t at, double level) const;
  [[nodiscard]] bool settled(std::size_t at, double level) const;
  [[nodiscard]] double told(std::size_t at) const;
  [[nodiscard]] double answer(std::size_t at) const;
  [[nodiscard]] double from_scan(std::int64_t pts) const;

  GainHistory history_;
  std::deque<Seen> seen_;  // with `radius` of those that have an answer
  std::size_t next_ = 0;   // in seen_: the oldest without
  std::deque<double> answers_;
};

}  // namespace cleanplate
