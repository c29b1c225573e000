/// @file
/// Where the user says that an overlay is: boxes, polygons, a mask picture, with times.
#pragma once
#include <cleanplate/detection.h>
#include <cleanplate/options.h>
#include <cleanplate/plan.h>
#include <cleanplate/result.h>

#include <string_view>
#include <vector>

#include "frame/picture.h"

namespace cleanplate {

struct Region {
  Detection detection;  ///< kind "region", score 1; a mask unless it is a plain box
  TimeRange when;
  std::vector<Stay> stays = {};  ///< as PlannedOverlay::stays
  int identity = -1;             ///< the same for all places of one overlay; −1: none is known
  int reach = 0;                 ///< luma samples that the overlay may lie beside the box too

  /// Where it is; null: away.
  [[nodiscard]] const Stay* at(double seconds) const;
  [[nodiscard]] bool holds(double seconds) const {
    return when.holds(seconds) && (stays.empty() || at(seconds));
  }
};

/// One `region` option:
///   x,y,w,h            a box, luma samples of the coded picture
///   tl: tr: bl: br:    before it: x and y are the distances from that corner
///   poly:x,y x,y x,y   a polygon of 3 or more points; a sample is in if its centre is
///   …@t0-t1            only then; seconds or h:m:s or m:s, either end may be left out
/// What lies outside the picture is cut off.
/// @return `invalid_option`: not of this form, or nothing of it is inside the picture.
[[nodiscard]] Result<Region> parse_region(std::string_view text, Size picture);

/// A mask picture's regions: connected samples above 127, where groups no further apart than a
/// sixty-fourth of the height (the letters of a word) are one; from the top left.
/// @param grey  one channel.
[[nodiscard]] std::vector<Region> mask_regions(const Picture& grey);

/// All that `region` and `mask` tell; empty where neither is set.
/// @return as parse_region; `not_found`, `unreadable`: the mask's file; `invalid_option`: the mask
///         has another size than the picture, or nothing above 127.
[[nodiscard]] Result<std::vector<Region>> told_regions(const Options& options, Size picture);

}  // namespace cleanplate
