/// @file
/// A bounded sample of a clip's frames, spread over its whole length.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/video_decoder.h>

#include <functional>

namespace cleanplate {

/// Calls `use` with about `most` frames in rising order. Short clips are decoded through; long ones
/// are sought in, and only key frames are decoded, so that the cost does not grow with the length.
/// @param each  also gets, before `use`, every frame that is decoded on the way through a short
///              clip: all, or those that others refer to. May be empty.
/// @return frames used; errors of VideoDecoder; `cancelled`.
[[nodiscard]] Result<std::int64_t> sample_frames(
    VideoDecoder& decoder, int most, const CancelToken& cancel,
    const std::function<Result<void>(const Frame&)>& use,
    const std::function<void(const Frame&)>& each = {});

/// About how many frames sample_frames uses, where `most` are asked for.
[[nodiscard]] std::int64_t frames_to_sample(const VideoInfo& info, int most);

/// Whether sample_frames decodes through the clip, rather than seeking in it.
[[nodiscard]] bool decoded_through(const VideoInfo& info);

}  // namespace cleanplate
