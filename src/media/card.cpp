#include "media/card.h"

extern "C" {
#include <libavutil/hwcontext.h>
}

// What <cuda.h> would bring for the next header; a build without CUDA has none.
#define CUDA_VERSION 0
using CUcontext = struct CUctx_st*;
using CUstream = struct CUstream_st*;
extern "C" {
#include <libavutil/hwcontext_cuda.h>
}

#include "core/try.h"
#include "device/cuda_facts.h"
#include "media/formats.h"

namespace cleanplate::media {

namespace {
void let_stream_go(AVHWDeviceContext* device) { delete static_cast<Stream*>(device->user_opaque); }
}  // namespace

Result<BufferPtr> open_card(const Options& options, const Stream& stream) {
  CP_TRY(void* context, primary_context(card_of(options.device)));
  BufferPtr card(av_hwdevice_ctx_alloc(AV_HWDEVICE_TYPE_CUDA));
  if (!card) return Error{Code::device, "decode", "This FFmpeg was built without CUDA"};
  auto* device = reinterpret_cast<AVHWDeviceContext*>(card->data);
  auto& cuda = *static_cast<AVCUDADeviceContext*>(device->hwctx);
  cuda.cuda_ctx = static_cast<CUcontext>(context);
  if (stream) {
    cuda.stream = static_cast<CUstream>(stream.native());
    device->user_opaque = new Stream(stream);
    device->free = let_stream_go;
  }
  const AvReason reason;
  if (const int r = av_hwdevice_ctx_init(card.get()); r < 0)
    return Error{Code::device, "decode", reason.text(r), -1, r};
  return card;
}

Result<CardFrames> open_card_frames(const Options& options, const DeviceFrames& frames) {
  const AVPixelFormat samples = nvenc_format(frames.format());
  if (samples == AV_PIX_FMT_NONE)
    return Error{Code::device, "encode", "NVENC takes no " + words_for(frames.format()) + " video"};
  CP_TRY(const Stream stream, frames.device().core().stream());
  CP_TRY(const BufferPtr card, open_card(options, stream));
  BufferPtr context(must(av_hwframe_ctx_alloc(card.get())));
  auto& told = *reinterpret_cast<AVHWFramesContext*>(context->data);
  told.format = AV_PIX_FMT_CUDA;
  told.sw_format = samples;
  told.width = frames.size().width;
  told.height = frames.size().height;
  const AvReason reason;
  if (const int r = av_hwframe_ctx_init(context.get()); r < 0)
    return Error{Code::device, "encode", reason.text(r), -1, r};
  return CardFrames{frames, std::move(context)};
}

}  // namespace cleanplate::media
