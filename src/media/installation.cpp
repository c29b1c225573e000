#include <cleanplate/installation.h>

#include <fmt/format.h>

#include "core/try.h"
#include "media/av.h"

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

}  // namespace cleanplate
