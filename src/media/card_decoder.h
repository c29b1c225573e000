/// @file
/// Decoding by an NVIDIA card's own decoder (NVDEC), through FFmpeg's hwaccel.
#pragma once
#include <string>

#include "media/card.h"

namespace cleanplate::media {

/// "cuda:0 (NVDEC)".
[[nodiscard]] std::string card_name(const Options& options);
/// Whether the card decodes this kind of video to the same samples as software: codecs whose
/// standard fixes every bit.
[[nodiscard]] bool card_decodes(const AVCodec& decoder);

/// Before the codec is opened: it is to decode on the card. What the card does not take, it decodes
/// in software by itself.
void decode_on(AVCodecContext& codec, const AVBufferRef& card);

[[nodiscard]] inline bool is_on_card(const AVFrame& picture) { return picture.hw_frames_ctx; }
/// The picture with its properties in the host's memory. @return `decoder`; `out_of_memory`.
[[nodiscard]] Result<FramePtr> to_host(const AVFrame& picture);
/// As it is shown, which is less than the surface.
[[nodiscard]] Size shown_size(const AVFrame& surface);
/// How its samples lie. @param coded  AVCodecContext::sw_pix_fmt.
/// @return `decoder`: they are not the video's.
[[nodiscard]] Result<PixelFormat> format_of(const AVFrame& surface, AVPixelFormat coded);
/// A surface's samples among `frames`, without times; then the surface may go, of which the
/// decoder has few. @param stream  open_card's. @return `out_of_memory`, `device`.
[[nodiscard]] Result<Frame> keep_on_card(const AVFrame& surface, const DeviceFrames& frames,
                                         Stream& stream);

}  // namespace cleanplate::media
