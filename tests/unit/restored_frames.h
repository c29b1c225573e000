// Frames with an overlay, taken off by a plan's inpainter, wherever they lie.
#pragma once
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <iterator>
#include <utility>
#include <vector>

#include "../known_mark.h"
#include "../reference/every_device.h"
#include "frame/card_format.h"
#include "frame/device_frames.h"
#include "pipeline/fallback_inpainter.h"

namespace cleanplate {

/// @param there  frames lie on the device, those that it has memory for.
/// @param frame_at, mask_at  by the frame's number, which is its pts too.
inline std::vector<Frame> restored_frames(const Options& options, const VideoInfo& video,
                                          const Plan& plan, const Device& device, bool there,
                                          int frames, const std::function<Frame(int)>& frame_at,
                                          const std::function<TrackMask(int)>& mask_at) {
  const auto inpainter = must(FallbackInpainter::create(options, video, plan, device));
  const DeviceFrames ring =
      must(DeviceFrames::create(device, *card_format(video.format), video.size));
  std::vector<Frame> out;
  const auto pull = [&] {
    for (Frame f;;) {
      if (must(inpainter->pull(f)) != Flow::ok) return;
      out.push_back(must(std::exchange(f, {}).to_host()));
    }
  };
  for (int n = 0; n < frames; ++n) {
    Frame frame = frame_at(n);
    if (there)
      if (auto up = ring.copy(frame)) frame = *std::move(up);
    must(inpainter->push(frame, {n, {mask_at(n)}}));
    pull();
    REQUIRE(n - std::ssize(out) < inpainter->latency());
  }
  must(inpainter->flush());
  pull();
  return out;
}

inline bool same(const std::vector<Frame>& a, const std::vector<Frame>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), known_mark::same);
}

}  // namespace cleanplate
