/// @file
/// A bounded sample of a clip's frames, spread over its whole length.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/video_decoder.h>

#include <functional>

namespace cleanplate {

/// Calls `use` with about `most` frames in rising order. Short clips are decoded through; in long
/// ones key frames are sought, and no others decoded, so that the cost does not grow with the
/// length.
/// @param each  also gets, before `use`, every frame that is decoded: of a short clip all, or those
///              that others refer to. May be empty.
/// Threads: decodes ahead in a thread of its own; `use` and `each` are called in the caller's.
/// @return frames used; errors of VideoDecoder; `cancelled`.
[[nodiscard]] Result<std::int64_t> sample_frames(
    VideoDecoder& decoder, int most, const CancelToken& cancel,
    const std::function<Result<void>(const Frame&)>& use,
    const std::function<void(const Frame&)>& each = {});

/// About how many frames sample_frames uses, where `most` are asked for.
[[nodiscard]] std::int64_t frames_to_sample(const VideoInfo& info, int most);

/// Whether the clip is so short that it is always decoded through, rather than sought in.
[[nodiscard]] bool decoded_through(const VideoInfo& info);

}  // namespace cleanplate
