/// @file
/// The overlays that are followed, and in which frames each of them is.
#pragma once
#include <cleanplate/detection.h>

#include <cstdint>
#include <vector>

namespace cleanplate {

/// The detection's own mask, else its whole box.
[[nodiscard]] std::shared_ptr<const Mask> mask_of(const Detection& detection);

/// Sightings are put together by the place (IoU), best pair first. A track has one mask for its
/// life; it lives `persistence` frames past a sighting, and a gap between two sightings no longer
/// than that is closed. Weak sightings count once their scores have added up.
/// Threads: one object, one thread at a time.
class TrackList {
 public:
  /// @param persistence, accumulation  frames. @param min_score  mean score that a track needs.
  TrackList(int persistence, int accumulation, double min_score)
      : persistence_(persistence), accumulation_(accumulation), min_score_(min_score) {}

  /// @param frame  rising.
  void see(std::int64_t frame, const std::vector<Detection>& seen);
  /// The masks of a frame that was seen.
  [[nodiscard]] std::vector<TrackMask> at(std::int64_t frame) const;
  /// Drops tracks that ended before it for good.
  void forget_before(std::int64_t frame);

 private:
  struct Span {
    std::int64_t first, last;  // sightings, both inclusive
    bool told;
  };
  struct Track {
    int number;
    Box box;
    std::shared_ptr<const Mask> mask;
    std::vector<Span> spans;
    double best_score;
    std::int64_t last;
  };
  [[nodiscard]] bool covers(const Track& track, std::int64_t frame) const;

  int persistence_, accumulation_;
  double min_score_;
  int made_ = 0;
  std::vector<Track> tracks_;
};

}  // namespace cleanplate
