/// @file
/// libav's pictures as our frames and back; samples are shared, never copied.
#pragma once
#include <cleanplate/frame.h>

#include <optional>

#include "media/av.h"

namespace cleanplate::media {

/// Wraps the planes read-only; the frame keeps the AVFrame's buffers alive.
/// @param picture  reference-counted, pts and duration set.
/// @param format  of its samples; nothing: not handled.
[[nodiscard]] Result<Frame> to_frame(const AVFrame& picture, std::optional<PixelFormat> format,
                                     const AVCodecParameters& stream);

/// What a picture has beside its samples: times, colour, fields, side data.
void describe(Frame& frame, const AVFrame& picture, const AVCodecParameters& stream);

/// An AVFrame over the frame's planes, with its side data; the samples live as long as either.
/// @param named  what the encoder calls the format, of the same memory layout.
[[nodiscard]] Result<FramePtr> to_av_frame(const Frame& frame, AVPixelFormat named);
/// The same of a frame on a card. @param context  CardFrames::context.
[[nodiscard]] Result<FramePtr> to_av_frame(const Frame& frame, const AVBufferRef& context);

}  // namespace cleanplate::media
