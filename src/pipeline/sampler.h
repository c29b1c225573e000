/// @file
/// A bounded sample of a clip's frames, spread over its whole length.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/video_decoder.h>

#include <functional>
#include <string>

namespace cleanplate {

/// About how many frames are wanted.
struct SampleSize {
  int through;  ///< of a clip that is decoded through
  int sought;   ///< of a long one: frames that are far apart differ much, and are dear
};

/// Calls `use` with so many frames in rising order. Short clips are decoded through; in long
/// ones key frames are sought, and no others decoded unless these are alike, so that the cost does
/// not grow with the length.
/// @param each  also gets, before `use`, every frame that is decoded: of a short clip all, or those
///              that others refer to. May be empty.
/// @param decoder  of `input`; where it is sought in, others of the same file do the work.
/// Threads: decodes ahead in threads of its own; `use` and `each` are called in the caller's.
/// @return frames used; errors of VideoDecoder; `cancelled`.
[[nodiscard]] Result<std::int64_t> sample_frames(
    VideoDecoder& decoder, const std::string& input, const Options& options, SampleSize size,
    const CancelToken& cancel, const std::function<Result<void>(const Frame&)>& use,
    const std::function<void(const Frame&)>& each = {});

/// About how many frames sample_frames uses, where `most` are asked for of a clip that is decoded
/// through.
[[nodiscard]] std::int64_t frames_to_sample(const VideoInfo& info, int most);

/// Whether the clip is so short that it is always decoded through, rather than sought in.
[[nodiscard]] bool decoded_through(const VideoInfo& info);
/// Whether sample_frames seeks in it. Goes to the beginning.
[[nodiscard]] bool sought_in(VideoDecoder& decoder);

}  // namespace cleanplate
