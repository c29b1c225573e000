// Files from and to frames.
#include <cleanplate/video_decoder.h>
#include <cleanplate/video_encoder.h>

#include <cmath>

#include "call.h"
#include "objects.h"

using namespace cleanplate;
using namespace cleanplate::capi;

namespace {

constexpr std::size_t least_video = CAPI_THROUGH(cleanplate_video_info, time_base_den);

cleanplate_video_info info_of(const VideoInfo& v) {
  cleanplate_video_info out{};
  out.layout = static_cast<std::int32_t>(v.format.layout), out.bits = v.format.bits;
  out.width = v.size.width, out.height = v.size.height;
  out.time_base_num = v.time_base.num, out.time_base_den = v.time_base.den;
  out.frame_rate_num = v.frame_rate.num, out.frame_rate_den = v.frame_rate.den;
  out.sample_aspect_num = v.sample_aspect.num, out.sample_aspect_den = v.sample_aspect.den;
  out.frames = v.frames, out.bit_rate = v.bit_rate, out.duration = v.duration;
  out.rotation = v.rotation, out.interlaced = v.interlaced;
  copy_text(out.codec, v.codec);
  copy_text(out.container, v.container);
  return out;
}

Error finished_already() {
  return invalid("The encoder was finished; its file is whole and takes nothing more.");
}

template <class Body>
std::int32_t with_encoder(const cleanplate_encoder* handle, cleanplate_error* error, Body&& body) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, use<EncoderObject>(handle));
    return body(*object);
  });
}

}  // namespace

extern "C" {

int32_t cleanplate_decoder_open(const char* path, const cleanplate_options* options,
                                cleanplate_decoder** out, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(path, "path"));
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const Options o, options_of(options));
    CAPI_TRY(VideoDecoder decoder, VideoDecoder::open(path, o));
    return give(out, std::make_shared<DecoderObject>(std::move(decoder)));
  });
}

int32_t cleanplate_decoder_destroy(cleanplate_decoder* decoder) {
  return destroy<DecoderObject>(decoder);
}

int32_t cleanplate_decoder_info(const cleanplate_decoder* decoder, cleanplate_video_info* out,
                                cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, use<DecoderObject>(decoder));
    return give_struct(out, info_of(object->decoder.info()), least_video, "out");
  });
}

int32_t cleanplate_decoder_pull(cleanplate_decoder* decoder, cleanplate_frame** out,
                                cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const auto object, use<DecoderObject>(decoder));
    Frame frame;
    CAPI_TRY(const Flow flow, object->decoder.pull(frame));
    if (flow == Flow::ok) *out = publish(std::make_shared<FrameObject>(std::move(frame)));
    return static_cast<std::int32_t>(flow);
  });
}

int32_t cleanplate_decoder_seek(cleanplate_decoder* decoder, double seconds,
                                cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, use<DecoderObject>(decoder));
    if (!std::isfinite(seconds) || std::abs(seconds) > 1e9)
      return invalid("A time to seek to is a number of seconds below 1e9.");
    return to_code(object->decoder.seek(seconds));
  });
}

int32_t cleanplate_decoder_lost(const cleanplate_decoder* decoder, int64_t* frames,
                                cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(frames, "frames"));
    CAPI_TRY(const auto object, use<DecoderObject>(decoder));
    *frames = object->decoder.lost_frames();
    return CLEANPLATE_OK;
  });
}

int32_t cleanplate_encoder_open(const char* path, const cleanplate_decoder* source,
                                const cleanplate_options* options, cleanplate_encoder** out,
                                cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(path, "path"));
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const auto object, use<DecoderObject>(source));
    CAPI_TRY(const Options o, options_of(options));
    CAPI_TRY(VideoEncoder encoder, VideoEncoder::open(path, object->decoder, o));
    return give(out, std::make_shared<EncoderObject>(std::move(encoder)));
  });
}

int32_t cleanplate_encoder_destroy(cleanplate_encoder* encoder) {
  return destroy<EncoderObject>(encoder);
}

int32_t cleanplate_encoder_push(cleanplate_encoder* encoder, const cleanplate_frame* frame,
                                cleanplate_error* error) {
  return with_encoder(encoder, error, [&](EncoderObject& e) -> Result<std::int32_t> {
    if (e.finished) return finished_already();
    CAPI_TRY(const auto f, look_up<FrameObject>(frame));
    return to_code(e.encoder.push(f->frame));
  });
}

int32_t cleanplate_encoder_copy_streams(cleanplate_encoder* encoder, cleanplate_decoder* decoder,
                                        cleanplate_error* error) {
  return with_encoder(encoder, error, [&](EncoderObject& e) -> Result<std::int32_t> {
    if (e.finished) return finished_already();
    CAPI_TRY(const auto d, use<DecoderObject>(decoder));
    for (const Packet& packet : d->decoder.take_packets())
      CAPI_CHECK(e.encoder.push_packet(packet));
    return CLEANPLATE_OK;
  });
}

int32_t cleanplate_encoder_finish(cleanplate_encoder* encoder, cleanplate_error* error) {
  return with_encoder(encoder, error, [&](EncoderObject& e) -> Result<std::int32_t> {
    if (e.finished) return finished_already();
    e.finished = true;
    return to_code(e.encoder.finish());
  });
}

int32_t cleanplate_encoder_name(const cleanplate_encoder* encoder, char* buffer, size_t size,
                                size_t* needed_size, cleanplate_error* error) {
  return with_encoder(encoder, error, [&](EncoderObject& e) {
    return give_text(e.encoder.encoder_name(), buffer, size, needed_size);
  });
}

}  // extern "C"
