/// @file
/// Which frames show what a moving overlay hides in one of them.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/mask.h>
#include <cleanplate/media_info.h>
#include <cleanplate/result.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "composite/overlay_restorer.h"

namespace cleanplate {

/// The last frames, with the overlays' masks in them; of the older ones, which no longer wait to be
/// restored, only the piece that those after them look at. Threads: one object, one thread at a
/// time.
class FramesBeside {
 public:
  explicit FramesBeside(const VideoInfo& video);

  /// @param number  rising by one. @param place  luma samples that are filled in this frame, or may
  /// be in those beside it; empty: the masks'. @return `out_of_memory`.
  Result<void> push(const Frame& frame, std::int64_t number,
                    std::vector<std::shared_ptr<const Mask>> masks, const Box& place = {});
  /// Frames before, and after, that are looked at: about a second, but fewer large pictures wait.
  static constexpr int before = 30;
  [[nodiscard]] int after() const { return after_; }
  enum class Camera { rests, may_move };
  /// Those that are wanted to see all that `mask` hides in a frame a few times, nearest first. They
  /// live until the next `push`.
  /// @param camera  one that moves shows it in frames as well whose masks lie at the same place.
  [[nodiscard]] std::vector<FrameBeside> showing(const Mask& mask, std::int64_t number,
                                                 Camera camera = Camera::rests) const;

 private:
  struct Kept {
    Frame frame;
    Box at;  // where it lies in the picture
    std::int64_t number;
    std::vector<std::shared_ptr<const Mask>> masks;
    Box place;  // that is filled
  };
  Result<void> keep_piece(Kept& kept) const;

  PixelFormat format_;
  Size picture_;
  int after_;
  std::deque<Kept> kept_;  ///< oldest first
};

}  // namespace cleanplate
