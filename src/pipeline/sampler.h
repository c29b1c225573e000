/// @file
/// A bounded sample of a clip's frames, spread over its whole length.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/video_decoder.h>

#include <functional>

namespace cleanplate {

/// Calls `use` with about `most` frames in rising order. Short clips are decoded through; long ones
/// are sought in, and only key frames are decoded, so that the cost does not grow with the length.
/// @return frames used; errors of VideoDecoder; `cancelled`.
[[nodiscard]] Result<std::int64_t> sample_frames(
    VideoDecoder& decoder, int most, const CancelToken& cancel,
    const std::function<Result<void>(const Frame&)>& use);

}  // namespace cleanplate
