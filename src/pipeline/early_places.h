/// @file
/// Crops of where an overlay seems to be, kept on the first way through a clip.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/media_info.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "detect/static_edges.h"
#include "matte/crop_stack.h"

namespace cleanplate {

/// What stays in a clip's beginning mostly turns out to stay in all of it. Its place is cut out of
/// the frames that follow, so that these need not be decoded again for its estimate.
/// Threads: one object, one thread at a time.
class EarlyPlaces {
 public:
  /// @param frames  about how many will come.
  EarlyPlaces(const VideoInfo& video, std::int64_t frames);
  void add(const Frame& frame);

  struct Kept {
    CropStack seen, placebo;  ///< boxes of the same size
  };
  /// Where all that is wanted at a place was kept. @param box  luma samples, even.
  [[nodiscard]] const Kept* at(const Box& box) const;
  /// The pts of the frames that were kept.
  [[nodiscard]] const std::vector<std::int64_t>& times() const { return times_; }

 private:
  void choose();
  void thin_out();

  VideoInfo video_;
  int beginning_, offered_ = 0, every_ = 1;
  std::optional<EdgeStatistics> edges_;  // of the beginning, until the places are chosen
  std::vector<Kept> kept_;
  std::vector<std::int64_t> times_;
};

}  // namespace cleanplate
