/// @file
/// The input opened and looked over, before anything is decoded.
#pragma once
#include <cleanplate/media_info.h>
#include <cleanplate/options.h>
#include <cleanplate/result.h>

#include <string>
#include <vector>

#include "media/av.h"

namespace cleanplate::media {

struct Source {
  std::string path;
  InputPtr format;
  AVStream* video = nullptr;  ///< the stream that is worked on
  const AVCodec* decoder = nullptr;
  std::vector<std::string> warnings;
};

/// @return as VideoDecoder::open.
[[nodiscard]] Result<Source> open_source(const std::string& path, const Options& options);

/// `encrypted`, for a transport stream whose packets are scrambled.
[[nodiscard]] Error scrambled_error(const std::string& path);

/// Whether packets of this stream come as one picture at the start (cover art).
[[nodiscard]] inline bool is_cover(const AVStream& s) {
  return s.disposition & AV_DISPOSITION_ATTACHED_PIC;
}
/// "video", "audio", "subtitle", "attachment" or "data".
[[nodiscard]] const char* kind_of(const AVStream& s);
/// The codec's name, or the four characters that the container calls it by.
[[nodiscard]] std::string codec_name(const AVCodecParameters& p);
/// Time stamps that mean nothing but order, as in a transport stream.
[[nodiscard]] inline bool arbitrary_start(const AVFormatContext& f) {
  return f.iformat->flags & AVFMT_TS_DISCONT;
}
/// Whether the frames' spacing differs from the average rate, as far as the headers tell.
[[nodiscard]] inline bool rate_varies(const AVStream& s) {
  const double average = av_q2d(s.avg_frame_rate), real = av_q2d(s.r_frame_rate);
  return average <= 0 || real <= 0 || real > average * 1.01 || average > real * 1.01;
}
/// MP4, MOV and their kin.
[[nodiscard]] inline bool is_mov(const AVFormatContext& f) {
  return std::string(f.iformat->name).starts_with("mov");
}

}  // namespace cleanplate::media
