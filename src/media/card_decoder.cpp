#include "media/card_decoder.h"

extern "C" {
#include <libavutil/hwcontext.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>

#include "core/try.h"
#include "device/cuda_facts.h"
#include "frame/card_format.h"
#include "media/formats.h"

namespace cleanplate::media {

namespace {
bool is_hardware(AVPixelFormat format) {
  return av_pix_fmt_desc_get(format)->flags & AV_PIX_FMT_FLAG_HWACCEL;
}

/// The card where it gives the video's samples; else, or once libav found that it cannot, software.
AVPixelFormat choose(AVCodecContext* codec, const AVPixelFormat* offered) {
  const auto coded = from_av(codec->sw_pix_fmt);
  const bool fits = coded && card_format(*coded);
  AVPixelFormat software = AV_PIX_FMT_NONE;
  for (; *offered != AV_PIX_FMT_NONE; ++offered) {
    if (*offered == AV_PIX_FMT_CUDA && fits) return *offered;
    if (software == AV_PIX_FMT_NONE && !is_hardware(*offered)) software = *offered;
  }
  return software;
}
}  // namespace

std::string card_name(const Options& options) {
  return "cuda:" + std::to_string(card_of(options.device)) + " (NVDEC)";
}

bool card_decodes(const AVCodec& decoder) {
  constexpr AVCodecID exact[] = {AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_VP8,
                                 AV_CODEC_ID_VP9, AV_CODEC_ID_AV1};
  if (std::find(std::begin(exact), std::end(exact), decoder.id) == std::end(exact)) return false;
  for (int i = 0; const AVCodecHWConfig* config = avcodec_get_hw_config(&decoder, i); ++i)
    if (config->device_type == AV_HWDEVICE_TYPE_CUDA &&
        (config->methods & AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX))
      return true;
  return false;
}

void decode_on(AVCodecContext& codec, const AVBufferRef& card) {
  codec.hw_device_ctx = must(av_buffer_ref(&card));
  codec.get_format = choose;
}

Result<FramePtr> to_host(const AVFrame& picture) {
  FramePtr copy = new_frame();
  const AvReason reason;
  int r = av_hwframe_transfer_data(copy.get(), &picture, 0);
  if (r >= 0) r = av_frame_copy_props(copy.get(), &picture);
  // Of a surface libav cuts right and bottom only.
  copy->crop_left = picture.crop_left, copy->crop_top = picture.crop_top;
  if (r >= 0) r = av_frame_apply_cropping(copy.get(), AV_FRAME_CROP_UNALIGNED);
  if (r == AVERROR(ENOMEM)) return av_error(Code::out_of_memory, "decode", "Decoding", r);
  if (r < 0) return Error{Code::decoder, "decode", reason.text(r), -1, r};
  return copy;
}

Size shown_size(const AVFrame& surface) {
  return {surface.width - static_cast<int>(surface.crop_left + surface.crop_right),
          surface.height - static_cast<int>(surface.crop_top + surface.crop_bottom)};
}

Result<PixelFormat> format_of(const AVFrame& surface, AVPixelFormat coded) {
  const auto& told = *reinterpret_cast<const AVHWFramesContext*>(surface.hw_frames_ctx->data);
  const auto format = surface_format(told.sw_format, coded);
  if (!format)
    return Error{
        Code::decoder, "decode",
        "it gives surfaces of " + name_of(told.sw_format) + " for " + name_of(coded) + " video"};
  return *format;
}

Result<Frame> keep_on_card(const AVFrame& surface, const DeviceFrames& frames, Stream& stream) {
  CP_TRY(Frame frame, frames.take());
  Result<void> done;
  const PixelFormat format = frame.format();
  for (int p = 0; done && p < format.planes(); ++p) {
    const auto to = DeviceFrames::writable_rows(frame, p);
    // A column of NV12's chroma holds two words, and so is as wide as two of luma.
    const bool in_turn = p && format.chroma_shift_x();
    const std::size_t left = in_turn ? surface.crop_left & ~std::size_t{1} : surface.crop_left;
    const std::size_t top = surface.crop_top >> (p ? format.chroma_shift_y() : 0);
    const std::ptrdiff_t pitch = surface.linesize[p];
    const auto* corner = reinterpret_cast<const std::byte*>(surface.data[p]) +
                         static_cast<std::ptrdiff_t>(top) * pitch +
                         left * static_cast<std::size_t>(format.bytes_per_sample());
    done = stream.copy(to, DeviceView<const std::byte>(DevicePtr<const std::byte>(corner), pitch,
                                                       to.width, to.height));
  }
  const auto waited = stream.wait();  // after a failure too: the memory goes
  CP_CHECK(done);
  CP_CHECK(waited);
  return frame;
}

}  // namespace cleanplate::media
