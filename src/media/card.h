/// @file
/// An NVIDIA card as libav knows it, and our frames there as its own.
#pragma once
#include <cleanplate/options.h>
#include <cleanplate/result.h>

#include <memory>

#include "frame/device_frames.h"
#include "media/av.h"

namespace cleanplate::media {

struct AvBufferDelete {
  void operator()(AVBufferRef* p) const { av_buffer_unref(&p); }
};
using BufferPtr = std::unique_ptr<AVBufferRef, AvBufferDelete>;

/// A device of libav's on the card's primary context.
/// @param stream  what libav is to work in, and keeps; empty: CUDA's default. @return `device`.
[[nodiscard]] Result<BufferPtr> open_card(const Options& options, const Stream& stream);

/// Frames that an encoder takes from the card's memory.
struct CardFrames {
  DeviceFrames frames;
  BufferPtr context;  ///< the same in libav's words, an AVHWFramesContext
};
/// @return `device`.
[[nodiscard]] Result<CardFrames> open_card_frames(const Options& options,
                                                  const DeviceFrames& frames);

}  // namespace cleanplate::media
