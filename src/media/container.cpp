#include "media/container.h"

#include <algorithm>
#include <filesystem>

namespace cleanplate::media {

namespace {
struct Row {
  const char* extension;
  ContainerKind kind;
  const char *muxer, *codec, *lossless_codec;
};
constexpr Row rows[] = {
    {".mp4", ContainerKind::mp4, "mp4", "h264", "h264"},
    {".m4v", ContainerKind::mp4, "mp4", "h264", "h264"},
    {".mov", ContainerKind::mov, "mov", "h264", "h264"},
    {".mkv", ContainerKind::matroska, "matroska", "h264", "ffv1"},
    {".webm", ContainerKind::webm, "webm", "vp9", "vp9"},
    {".ts", ContainerKind::mpegts, "mpegts", "h264", "h264"},
    {".mts", ContainerKind::mpegts, "mpegts", "h264", "h264"},
    {".m2ts", ContainerKind::mpegts, "mpegts", "h264", "h264"},
};

/// libavformat's transport stream muxer has no list of its own to ask; it would write the rest as
/// private data that nobody can read.
constexpr AVCodecID in_transport_stream[] = {
    AV_CODEC_ID_MPEG1VIDEO,   AV_CODEC_ID_MPEG2VIDEO,   AV_CODEC_ID_MPEG4,
    AV_CODEC_ID_H264,         AV_CODEC_ID_HEVC,         AV_CODEC_ID_CAVS,
    AV_CODEC_ID_VC1,          AV_CODEC_ID_MP1,          AV_CODEC_ID_MP2,
    AV_CODEC_ID_MP3,          AV_CODEC_ID_AAC,          AV_CODEC_ID_AAC_LATM,
    AV_CODEC_ID_AC3,          AV_CODEC_ID_EAC3,         AV_CODEC_ID_DTS,
    AV_CODEC_ID_TRUEHD,       AV_CODEC_ID_OPUS,         AV_CODEC_ID_S302M,
    AV_CODEC_ID_DVB_SUBTITLE, AV_CODEC_ID_DVB_TELETEXT, AV_CODEC_ID_HDMV_PGS_SUBTITLE,
    AV_CODEC_ID_TIMED_ID3,    AV_CODEC_ID_SMPTE_KLV};
}  // namespace

bool Container::holds(AVCodecID codec_id) const {
  if (kind == ContainerKind::mpegts)
    return std::find(std::begin(in_transport_stream), std::end(in_transport_stream), codec_id) !=
           std::end(in_transport_stream);
  return avformat_query_codec(format, codec_id, FF_COMPLIANCE_NORMAL) == 1;
}

Result<Container> container_of(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const Row& r : rows) {
    if (extension != r.extension) continue;
    const AVOutputFormat* format = av_guess_format(r.muxer, nullptr, nullptr);
    if (!format)
      return Error{Code::unsupported, "encode",
                   std::string("This FFmpeg has no muxer for ") + r.extension + " files."};
    return Container{r.kind, format, r.codec, r.lossless_codec};
  }
  return Error{Code::unsupported, "encode",
               "The output '" + path +
                   "' does not say which kind of file it is to be; let its name end in .mp4, .m4v, "
                   ".mov, .mkv, .webm, .ts, .mts or .m2ts."};
}

}  // namespace cleanplate::media
