#include <cleanplate/installation.h>

#include <fmt/format.h>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
}

#include <memory>

#include "core/try.h"

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

struct ContextRelease {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};

}  // namespace

std::vector<LibraryInfo> media_libraries() {
  return {library("libavformat", avformat_version(), LIBAVFORMAT_VERSION_INT, avformat_license()),
          library("libavcodec", avcodec_version(), LIBAVCODEC_VERSION_INT, avcodec_license()),
          library("libavutil", avutil_version(), LIBAVUTIL_VERSION_INT, avutil_license())};
}

Result<std::string> probe_decoder(const std::string& codec) {
  return guarded("decode", [&]() -> Result<std::string> {
    const auto failed = [&](const std::string& reason, int code) {
      return Error{Code::decoder, "decode",
                   fmt::format("No decoder opens for '{}': {}.", codec, reason), -1, code};
    };
    const AVCodecDescriptor* known = avcodec_descriptor_get_by_name(codec.c_str());
    const AVCodec* decoder = known ? avcodec_find_decoder(known->id) : nullptr;
    if (!decoder) return failed("this FFmpeg has none", AVERROR_DECODER_NOT_FOUND);
    const std::unique_ptr<AVCodecContext, ContextRelease> context(avcodec_alloc_context3(decoder));
    if (!context) throw std::bad_alloc();
    context->width = 320;  // some raw decoders want a size at once
    context->height = 240;
    context->pix_fmt = AV_PIX_FMT_YUV420P;
    if (const int code = avcodec_open2(context.get(), decoder, nullptr); code < 0) {
      char reason[AV_ERROR_MAX_STRING_SIZE] = {};
      av_strerror(code, reason, sizeof reason);
      return failed(reason, code);
    }
    return std::string(decoder->name);
  });
}

}  // namespace cleanplate
