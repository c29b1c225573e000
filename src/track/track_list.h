/// @file
/// The overlays that are followed, and in which frames each of them is, and where.
#pragma once
#include <cleanplate/detection.h>

#include <cstdint>
#include <deque>
#include <vector>

#include "track/box_filter.h"

namespace cleanplate {

/// The detection's own mask, else its whole box.
[[nodiscard]] std::shared_ptr<const Mask> mask_of(const Detection& detection);

/// Sightings are put together by place at the least cost in all, against where each track is
/// expected. A track that stands has one mask for its life; one that moves takes it along, between
/// two sightings on a straight line. A track lives `persistence` frames past a sighting and began
/// as many before its first, so a gap is closed from both sides; where a mark of the same size
/// jumped within a gap, both places are masked. Scores of the sightings add up.
/// Threads: one object, one thread at a time.
class TrackList {
 public:
  /// @param persistence, accumulation  frames. @param min_score  what a track's scores must add up
  /// to within the accumulation frames.
  TrackList(int persistence, int accumulation, double min_score)
      : persistence_(persistence), accumulation_(accumulation), min_score_(min_score) {}

  /// @param frame  rising.
  void see(std::int64_t frame, const std::vector<Detection>& seen);
  /// The masks of a frame that was seen.
  [[nodiscard]] std::vector<TrackMask> at(std::int64_t frame) const;
  /// Drops tracks that ended before it for good.
  void forget_before(std::int64_t frame);

 private:
  struct Sighting {
    std::int64_t frame;
    Box box;
    double score, dx, dy;
    bool told;
  };
  struct Track {
    int number;
    std::string kind;
    BoxFilter filter;
    std::shared_ptr<const Mask> mask;
    std::deque<Sighting> seen;
    double sum = 0, most = 0;  // of scores within the accumulation frames; the most so far
    std::size_t oldest = 0;    // in `seen`, of those in the sum
    bool moves = false;
  };
  [[nodiscard]] double cost(const Track& track, const Detection& d, std::int64_t frame) const;
  void extend(Track& track, const Detection& d, std::int64_t frame) const;
  void begin(const Detection& d, std::int64_t frame);
  [[nodiscard]] bool place(const Track& track, std::int64_t frame, Box& box) const;

  int persistence_, accumulation_;
  double min_score_;
  int made_ = 0;
  std::vector<Track> tracks_;
};

}  // namespace cleanplate
