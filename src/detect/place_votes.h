/// @file
/// Sightings of single frames put together: what was seen at one place again and again.
#pragma once
#include <cleanplate/detection.h>

#include <vector>

namespace cleanplate {

/// Bounded memory. Threads: one object, one thread at a time.
class PlaceVotes {
 public:
  void add(const std::vector<Detection>& seen);
  [[nodiscard]] int frames() const { return frames_; }
  /// Each place once: the median of its boxes, the mean score of its sightings, the mask of the
  /// best; accepted if it was seen in at least a third of the frames.
  [[nodiscard]] std::vector<Candidate> candidates() const;

 private:
  struct Place {
    Detection best;
    std::vector<Box> boxes;  // the first of them
    std::int64_t times = 0;
    double scores = 0;
  };
  std::vector<Place> places_;
  int frames_ = 0;
};

}  // namespace cleanplate
