/// @file
/// Decoding by an NVIDIA card's own decoder (NVDEC), through FFmpeg's hwaccel.
#pragma once
#include <cleanplate/options.h>
#include <cleanplate/result.h>

#include <memory>
#include <string>

#include "media/av.h"

namespace cleanplate::media {

struct AvBufferDelete {
  void operator()(AVBufferRef* p) const { av_buffer_unref(&p); }
};
using BufferPtr = std::unique_ptr<AVBufferRef, AvBufferDelete>;

/// "cuda:0 (NVDEC)".
[[nodiscard]] std::string card_name(const Options& options);
/// Whether the card decodes this kind of video to the same samples as software: codecs whose
/// standard fixes every bit.
[[nodiscard]] bool card_decodes(const AVCodec& decoder);

/// A device of libav's on the card's primary context. @return `device`.
[[nodiscard]] Result<BufferPtr> open_card(const Options& options);

/// Before the codec is opened: it is to decode on the card. What the card does not take, it decodes
/// in software by itself.
void decode_on(AVCodecContext& codec, const AVBufferRef& card);

[[nodiscard]] inline bool is_on_card(const AVFrame& picture) { return picture.hw_frames_ctx; }
/// The picture with its properties in the host's memory. @return `decoder`; `out_of_memory`.
[[nodiscard]] Result<FramePtr> to_host(const AVFrame& picture);

}  // namespace cleanplate::media
