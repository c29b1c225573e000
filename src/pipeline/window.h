/// @file
/// A few seconds of frames that wait until they have been looked at.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/detector.h>
#include <cleanplate/device.h>
#include <cleanplate/media_info.h>
#include <cleanplate/options.h>
#include <cleanplate/plan.h>

#include <deque>
#include <vector>

#include "detect/regions.h"

namespace cleanplate {

/// `accumulation_seconds` of frames, at least 12, at most 300 and what a quarter of the memory
/// holds; 0 where nothing is to be looked for and nothing estimated.
[[nodiscard]] int window_frames(const Options& options, const VideoInfo& video, bool told);

/// The plan that a window's frames give, by the same steps as a file's sample.
/// @param told  regions of the options; empty: the overlays are looked for.
/// @param detector  the caller's, of latency -1, flushed here; null: the one that the options name.
/// @param first_pts  of the first frame of all; told times count from there.
[[nodiscard]] Result<Plan> plan_of(const std::deque<Frame>& window, const Options& options,
                                   const VideoInfo& video, const std::vector<Region>& told,
                                   Detector* detector, const Device& device, std::int64_t first_pts,
                                   const CancelToken& cancel);

}  // namespace cleanplate
