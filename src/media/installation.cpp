#include <cleanplate/installation.h>
#include <cleanplate/video_encoder.h>

#include <fmt/format.h>

#include "core/try.h"
#include "device/cuda_facts.h"
#include "media/av.h"
#include "media/card_decoder.h"
#include "media/card_reason.h"
#include "media/encoder_ladder.h"

namespace cleanplate {

namespace {

LibraryInfo library(const char* name, unsigned loaded, unsigned built, const char* licence) {
  const auto text = [](unsigned v) {
    return fmt::format("{}.{}.{}", v >> 16, (v >> 8) & 0xff, v & 0xff);
  };
  std::string note = licence;
  if (loaded != built) note += ", built against " + text(built);
  return {name, text(loaded), std::move(note)};
}

/// A black picture of 4:2:0, by the first encoder in software that can.
Result<media::PacketPtr> coded_picture(const std::string& codec, int bits) {
  media::EncoderRequest request;
  request.format = {Layout::yuv420, bits};
  request.size = {320, 240};
  for (const std::string& name : encoder_ladder(codec)) {
    if (name.ends_with("_nvenc")) continue;
    if (auto packet = media::first_packet(name, request)) return packet;
  }
  return Error{Code::device, "decode",
               "No picture could be coded to try the card's decoder with; install FFmpeg with an "
               "encoder for " +
                   codec + "."};
}

}  // namespace

std::vector<LibraryInfo> media_libraries() {
  return {library("libavformat", avformat_version(), LIBAVFORMAT_VERSION_INT, avformat_license()),
          library("libavcodec", avcodec_version(), LIBAVCODEC_VERSION_INT, avcodec_license()),
          library("libavutil", avutil_version(), LIBAVUTIL_VERSION_INT, avutil_license())};
}

Result<std::string> probe_decoder(const std::string& codec) {
  return guarded("decode", [&]() -> Result<std::string> {
    media::route_av_log();
    const auto failed = [&](const std::string& reason, int code) {
      return Error{Code::decoder, "decode",
                   fmt::format("No decoder opens for '{}': {}.", codec, reason), -1, code};
    };
    const AVCodecDescriptor* known = avcodec_descriptor_get_by_name(codec.c_str());
    const AVCodec* decoder = known ? avcodec_find_decoder(known->id) : nullptr;
    if (!decoder) return failed("this FFmpeg has none", AVERROR_DECODER_NOT_FOUND);
    const media::CodecPtr context(media::must(avcodec_alloc_context3(decoder)));
    const media::AvReason reason;
    context->width = 320;  // some raw decoders want a size at once
    context->height = 240;
    context->pix_fmt = AV_PIX_FMT_YUV420P;
    if (const int code = avcodec_open2(context.get(), decoder, nullptr); code < 0)
      return failed(reason.text(code), code);
    return std::string(decoder->name);
  });
}

Result<std::string> probe_card_decoder(const std::string& codec, int bits, const Options& options) {
  return guarded("decode", [&]() -> Result<std::string> {
    media::route_av_log();
    const auto failed = [&](const std::string& reason) {
      return Error{Code::device, "decode",
                   fmt::format("The card does not decode {} of {} bits: {}; software does.", codec,
                               bits, reason)};
    };
    if (auto none = why_no_card(cuda_facts(), card_of(options.device)); !none.empty())
      return Error{Code::device, "decode", std::move(none)};
    const AVCodecDescriptor* known = avcodec_descriptor_get_by_name(codec.c_str());
    const AVCodec* decoder = known ? avcodec_find_decoder(known->id) : nullptr;
    if (!decoder || !media::card_decodes(*decoder))
      return failed("this FFmpeg has no NVDEC for it");
    CP_TRY(const media::PacketPtr packet, coded_picture(codec, bits));
    auto card = media::open_card(options, {});
    if (!card) return failed(card.error().message);
    const media::CodecPtr context(media::must(avcodec_alloc_context3(decoder)));
    const media::AvReason reason;
    context->thread_count = 1;
    media::decode_on(*context, **card);
    const media::FramePtr picture = media::new_frame();
    int code = avcodec_open2(context.get(), decoder, nullptr);
    if (code >= 0) code = avcodec_send_packet(context.get(), packet.get());
    if (code >= 0) code = avcodec_send_packet(context.get(), nullptr);
    if (code >= 0) code = avcodec_receive_frame(context.get(), picture.get());
    if (code < 0) return failed(media::with_remedy(reason.whole_or(media::av_words(code))));
    if (!media::is_on_card(*picture))
      return failed(media::with_remedy(reason.whole_or("it has no such mode")));
    if (const auto copy = media::to_host(*picture); !copy) return failed(copy.error().message);
    return media::card_name(options);
  });
}

}  // namespace cleanplate
