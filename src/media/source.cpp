#include "media/source.h"

extern "C" {
#include <libavutil/dovi_meta.h>
}
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "core/try.h"
#include "media/truncation.h"

namespace cleanplate::media {

namespace {
std::string quoted(const std::string& path) { return "'" + path + "'"; }

Result<void> check_file(const std::string& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0) {
    const int e = errno;
    if (e == ENOENT || e == ENOTDIR)
      return Error{Code::not_found, "decode", "There is no file " + quoted(path) + ".", -1, e};
    return Error{Code::unreadable, "decode",
                 "The file " + quoted(path) + " cannot be read: " + std::strerror(e) + ".", -1, e};
  }
  if (S_ISDIR(st.st_mode))
    return Error{Code::unreadable, "decode", quoted(path) + " is a folder; give a video file."};
  if (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode) || S_ISCHR(st.st_mode))
    return Error{Code::unreadable, "decode",
                 quoted(path) +
                     " is a pipe or a device, and a video is read more than once; write "
                     "it to a file first."};
  if (S_ISREG(st.st_mode) && st.st_size == 0)
    return Error{Code::unreadable, "decode", "The file " + quoted(path) + " is empty."};
  return {};
}

/// Formats that take any bytes for a picture, and lists of other files.
Result<void> check_format(const std::string& name, const std::string& path) {
  const bool picture = name == "image2" || name.ends_with("_pipe");
  if (picture)
    return Error{Code::unsupported, "decode", quoted(path) + " is a still picture, not a video."};
  for (const char* other : {"tty", "hls", "concat", "dash", "sdp", "rtsp"})
    if (name == other || name.starts_with(std::string(other) + ","))
      return Error{Code::unreadable, "decode",
                   quoted(path) + " is no media file, but text that was taken for '" + name +
                       "'; give the video file itself."};
  return {};
}

Error cannot_open(const std::string& path, int native, const std::string& reason) {
  if (native == AVERROR(EACCES))
    return {Code::unreadable, "decode",
            "The file " + quoted(path) + " may not be read; check its permissions.", -1, native};
  if (native == AVERROR(ENOMEM)) return av_error(Code::out_of_memory, "decode", "Opening", native);
  if (scrambled(path)) return scrambled_error(path);
  if (const auto cut = cut_short(path))
    return {Code::damaged, "decode",
            "The file " + quoted(path) + " is truncated: " + *cut + "; copy it again.", -1, native};
  return {Code::unreadable, "decode",
          "The file " + quoted(path) + " is no media file that can be read (" + reason + ").", -1,
          native};
}

/// "file:" keeps a colon in a name from being taken for a protocol.
std::string url_of(const std::string& path) { return "file:" + path; }

/// What kind of file it is, before anything of it is opened: a playlist's demuxer would go for the
/// files that it lists, and wait for them.
Result<const AVInputFormat*> probe(const std::string& path) {
  const AvReason reason;
  AVIOContext* io = nullptr;
  int r = avio_open(&io, url_of(path).c_str(), AVIO_FLAG_READ);
  const AVInputFormat* format = nullptr;
  if (r >= 0) r = av_probe_input_buffer2(io, &format, url_of(path).c_str(), nullptr, 0, 0);
  avio_closep(&io);
  if (r < 0 || !format) return cannot_open(path, r, reason.text(r));
  return format;
}

bool is_encrypted(const AVStream& s) {
  for (const char* tag : {"encv", "enca", "drmi", "drms", "drmt"})
    if (s.codecpar->codec_tag == MKTAG(tag[0], tag[1], tag[2], tag[3])) return true;
  return side_data_of(s, AV_PKT_DATA_ENCRYPTION_INIT_INFO).data != nullptr;
}

Result<void> check_dolby_vision(Source& s) {
  const SideData d = side_data_of(*s.video, AV_PKT_DATA_DOVI_CONF);
  if (!d.data) return {};
  const auto* conf = reinterpret_cast<const AVDOVIDecoderConfigurationRecord*>(d.data);
  if (conf->dv_profile == 5)
    return Error{Code::unsupported, "decode",
                 "The video is Dolby Vision profile 5, whose pictures have no meaning without its "
                 "own colour mapping; convert it to HDR10 first."};
  s.warnings.push_back("Dolby Vision data (profile " + std::to_string(conf->dv_profile) +
                       ") is dropped: it would not fit the new pictures; the base layer is kept.");
  return {};
}

/// The video to work on: libav's choice, but never cover art.
AVStream* choose_video(AVFormatContext& f) {
  const int best = av_find_best_stream(&f, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (best >= 0 && !is_cover(*f.streams[best])) return f.streams[best];
  for (unsigned i = 0; i < f.nb_streams; ++i)
    if (f.streams[i]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !is_cover(*f.streams[i]))
      return f.streams[i];
  return nullptr;
}

Result<void> check_video(Source& s) {
  AVFormatContext& f = *s.format;
  for (unsigned i = 0; i < f.nb_streams; ++i)
    if (is_encrypted(*f.streams[i]))
      return Error{Code::encrypted, "decode",
                   "Stream " + std::to_string(i) + " of " + quoted(s.path) +
                       " is encrypted; give an unprotected file."};
  s.video = choose_video(f);
  if (!s.video)
    return Error{Code::no_video, "decode",
                 "The file " + quoted(s.path) + " has no video stream, only " +
                     (f.nb_streams ? std::string(kind_of(*f.streams[0])) : "headers") + "."};
  const AVCodecParameters& p = *s.video->codecpar;
  s.decoder = avcodec_find_decoder(p.codec_id);
  if (!s.decoder)
    return Error{Code::decoder, "decode",
                 "This FFmpeg has no decoder for the video's codec " + codec_name(p) + "."};
  const AVDictionaryEntry* alpha = av_dict_get(s.video->metadata, "alpha_mode", nullptr, 0);
  if (alpha && std::strcmp(alpha->value, "1") == 0)
    return Error{Code::unsupported, "decode",
                 "The video has an alpha channel, which would be lost; flatten it first."};
  return check_dolby_vision(s);
}
}  // namespace

Error scrambled_error(const std::string& path) {
  return {Code::encrypted, "decode",
          "The transport stream " + quoted(path) + " is scrambled; give an unprotected file."};
}

const char* kind_of(const AVStream& s) {
  switch (s.codecpar->codec_type) {
    case AVMEDIA_TYPE_VIDEO:
      return "video";
    case AVMEDIA_TYPE_AUDIO:
      return "audio";
    case AVMEDIA_TYPE_SUBTITLE:
      return "subtitle";
    case AVMEDIA_TYPE_ATTACHMENT:
      return "attachment";
    default:
      return "data";
  }
}

std::string codec_name(const AVCodecParameters& p) {
  if (p.codec_id != AV_CODEC_ID_NONE) return avcodec_get_name(p.codec_id);
  char tag[AV_FOURCC_MAX_STRING_SIZE] = {};
  return av_fourcc_make_string(tag, p.codec_tag);
}

Result<Source> open_source(const std::string& path, const Options& options) {
  route_av_log();
  CP_CHECK(check_file(path));
  Source s;
  s.path = path;
  CP_TRY(const AVInputFormat* format, probe(path));
  CP_CHECK(check_format(format->name, path));
  Dictionary how;
  how.set("protocol_whitelist", "file");
  AVFormatContext* opened = nullptr;
  const AvReason reason;
  const int r = avformat_open_input(&opened, url_of(path).c_str(), format, how.out());
  if (r < 0) return cannot_open(path, r, reason.text(r));
  s.format.reset(opened);
  if (const auto cut = cut_short(path)) {
    const std::string what = "The file " + quoted(path) + " is truncated: " + *cut;
    if (!options.tolerant)
      return Error{Code::damaged, "decode",
                   what + "; copy it again, or set tolerant to use what is there."};
    s.warnings.push_back(what + ".");
  }
  if (const int found = avformat_find_stream_info(opened, nullptr); found < 0)
    return cannot_open(path, found, reason.text(found));
  CP_CHECK(check_video(s));
  return s;
}

}  // namespace cleanplate::media
