#include "media/card_decoder.h"

extern "C" {
#include <libavutil/hwcontext.h>
#include <libavutil/pixdesc.h>
}

// What <cuda.h> would bring for the next header; a build without CUDA has none.
#define CUDA_VERSION 0
using CUcontext = struct CUctx_st*;
using CUstream = struct CUstream_st*;
extern "C" {
#include <libavutil/hwcontext_cuda.h>
}

#include <algorithm>

#include "core/try.h"
#include "device/cuda_facts.h"

namespace cleanplate::media {

namespace {
bool is_hardware(AVPixelFormat format) {
  return av_pix_fmt_desc_get(format)->flags & AV_PIX_FMT_FLAG_HWACCEL;
}

/// The card where it gives NV12 or P010; else, or once libav found that it cannot, software.
AVPixelFormat choose(AVCodecContext* codec, const AVPixelFormat* offered) {
  const AVPixelFormat samples = codec->sw_pix_fmt;
  const bool fits = samples == AV_PIX_FMT_YUV420P || samples == AV_PIX_FMT_YUVJ420P ||
                    samples == AV_PIX_FMT_YUV420P10;
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

Result<BufferPtr> open_card(const Options& options) {
  CP_TRY(void* context, primary_context(card_of(options.device)));
  BufferPtr card(av_hwdevice_ctx_alloc(AV_HWDEVICE_TYPE_CUDA));
  if (!card) return Error{Code::device, "decode", "This FFmpeg was built without CUDA"};
  auto* device = reinterpret_cast<AVHWDeviceContext*>(card->data);
  static_cast<AVCUDADeviceContext*>(device->hwctx)->cuda_ctx = static_cast<CUcontext>(context);
  const AvReason reason;
  if (const int r = av_hwdevice_ctx_init(card.get()); r < 0)
    return Error{Code::device, "decode", reason.text(r), -1, r};
  return card;
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

}  // namespace cleanplate::media
