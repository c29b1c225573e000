#include "media/picture.h"

#include <algorithm>
#include <iterator>

#include "core/try.h"
#include "frame/device_frames.h"
#include "media/formats.h"

namespace cleanplate::media {

namespace {
/// What belongs to one picture and means something to an encoder; the rest (motion vectors,
/// decoder statistics) does not travel.
constexpr AVFrameSideDataType travelling[] = {
    AV_FRAME_DATA_A53_CC,           AV_FRAME_DATA_S12M_TIMECODE,
    AV_FRAME_DATA_DYNAMIC_HDR_PLUS, AV_FRAME_DATA_AFD,
    AV_FRAME_DATA_PANSCAN,          AV_FRAME_DATA_GOP_TIMECODE,
    AV_FRAME_DATA_SEI_UNREGISTERED};

std::shared_ptr<const void> travelling_data(const AVFrame& picture) {
  std::shared_ptr<AVFrame> kept;
  for (int i = 0; i < picture.nb_side_data; ++i) {
    const AVFrameSideData& data = *picture.side_data[i];
    if (std::find(std::begin(travelling), std::end(travelling), data.type) == std::end(travelling))
      continue;
    if (!kept) kept = std::shared_ptr<AVFrame>(new_frame());
    AVBufferRef* buffer = must(av_buffer_ref(data.buf));
    if (!av_frame_new_side_data_from_buf(kept.get(), data.type, buffer)) {
      av_buffer_unref(&buffer);
      throw std::bad_alloc();
    }
  }
  return kept;
}

void let_go(void* handle, std::uint8_t*) { delete static_cast<Frame*>(handle); }
}  // namespace

Result<Frame> to_frame(const AVFrame& picture, std::optional<PixelFormat> format,
                       const AVCodecParameters& stream) {
  if (!format)
    return Error{Code::unsupported, "decode",
                 "The pixel format " + name_of(static_cast<AVPixelFormat>(picture.format)) +
                     " is not handled; convert the video to 8- to 12-bit YCbCr or grey."};
  auto owner = std::shared_ptr<AVFrame>(new_frame());
  // One more reference to the decoder's buffers; the planes are not copied.
  if (const int r = av_frame_ref(owner.get(), &picture); r < 0)
    return av_error(Code::decoder, "decode", "A decoded picture could not be kept", r);
  // Side data lives on its own: Frame::side_data outlives the samples in a writable copy.
  while (owner->nb_side_data > 0)  // all of a type go at once
    av_frame_remove_side_data(owner.get(), owner->side_data[0]->type);
  std::array<PlaneMemory, 3> planes{};
  for (int p = 0; p < format->planes(); ++p)
    planes[static_cast<std::size_t>(p)] = {picture.data[p], picture.linesize[p]};
  CP_TRY(Frame frame,
         Frame::wrap(*format, {picture.width, picture.height}, planes, std::move(owner)));
  describe(frame, picture, stream);
  return frame;
}

void describe(Frame& frame, const AVFrame& picture, const AVCodecParameters& stream) {
  frame.pts = picture.pts;
  frame.duration = frame_duration(picture);
  frame.colour = colour_of(picture, stream);
  frame.interlaced = is_interlaced(picture);
  frame.top_field_first = is_top_field_first(picture);
  frame.key = is_key(picture);
  frame.side_data = travelling_data(picture);
}

namespace {
Result<FramePtr> over_planes(const Frame& frame, AVPixelFormat named) {
  FramePtr out = new_frame();
  out->format = named;
  out->width = frame.size().width;
  out->height = frame.size().height;
  for (int p = 0; p < frame.format().planes(); ++p) {
    const ComponentView view = frame.component(p);
    const std::byte* first =
        frame.on_device() ? DeviceFrames::rows(frame, p).first.address() : view.data;
    // libav's pointers are not const, but the buffer below is marked read-only.
    out->data[p] = reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(first));
    out->linesize[p] = static_cast<int>(view.stride);
  }
  auto handle = std::make_unique<Frame>(frame);
  const auto luma = frame.component(0);
  out->buf[0] =
      must(av_buffer_create(out->data[0], static_cast<std::size_t>(luma.stride * luma.height),
                            let_go, handle.get(), AV_BUFFER_FLAG_READONLY));
  static_cast<void>(handle.release());  // the buffer owns it now, see let_go
  set_colour(*out, frame.colour);
  out->chroma_location = static_cast<AVChromaLocation>(frame.colour.chroma_location);
  set_fields(*out, frame.interlaced, frame.top_field_first);
  if (const auto* side = static_cast<const AVFrame*>(frame.side_data.get()))
    for (int i = 0; i < side->nb_side_data; ++i) {
      AVBufferRef* buffer = must(av_buffer_ref(side->side_data[i]->buf));
      if (!av_frame_new_side_data_from_buf(out.get(), side->side_data[i]->type, buffer)) {
        av_buffer_unref(&buffer);
        throw std::bad_alloc();
      }
    }
  return out;
}
}  // namespace

Result<FramePtr> to_av_frame(const Frame& frame, AVPixelFormat named) {
  CP_CHECK(in_host_memory(frame, "encode"));
  return over_planes(frame, named);
}

Result<FramePtr> to_av_frame(const Frame& frame, const AVBufferRef& context) {
  CP_TRY(FramePtr out, over_planes(frame, AV_PIX_FMT_CUDA));
  out->hw_frames_ctx = must(av_buffer_ref(&context));
  return out;
}

}  // namespace cleanplate::media
