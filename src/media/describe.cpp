// What VideoInfo and StreamInfo say of a file, before its first picture.
extern "C" {
#include <libavutil/display.h>
}

#include <cmath>

#include "media/decoder_state.h"
#include "media/formats.h"

namespace cleanplate {

using namespace media;

namespace {
Rational ours(AVRational r) { return {r.num, r.den ? r.den : 1}; }

int rotation_of(const AVStream& s) {
  const SideData d = side_data_of(s, AV_PKT_DATA_DISPLAYMATRIX);
  if (!d.data || d.size < 9 * sizeof(std::int32_t)) return 0;
  const double angle = av_display_rotation_get(reinterpret_cast<const std::int32_t*>(d.data));
  return std::isfinite(angle) ? static_cast<int>(std::lround(angle)) : 0;
}

double seconds_of(const AVFormatContext& f, const AVStream& s) {
  if (s.duration > 0) return static_cast<double>(s.duration) * av_q2d(s.time_base);
  return f.duration > 0 ? static_cast<double>(f.duration) / AV_TIME_BASE : 0;
}
}  // namespace

AVRational VideoDecoder::State::sample_aspect() const {
  return av_guess_sample_aspect_ratio(source.format.get(), source.video, nullptr);
}

void VideoDecoder::State::describe() {
  AVFormatContext& f = *source.format;
  AVStream& v = *source.video;
  const AVCodecParameters& p = *v.codecpar;
  info.container = f.iformat->name;
  info.codec = codec_name(p);
  info.size = {p.width, p.height};
  info.format = from_av(static_cast<AVPixelFormat>(p.format)).value_or(PixelFormat{});
  info.time_base = ours(v.time_base);
  info.frame_rate =
      ours(v.avg_frame_rate.num > 0 ? v.avg_frame_rate : av_guess_frame_rate(&f, &v, nullptr));
  const AVRational sar = sample_aspect();
  info.sample_aspect = sar.num > 0 ? ours(sar) : Rational{1, 1};
  info.rotation = rotation_of(v);
  info.interlaced = p.field_order > AV_FIELD_PROGRESSIVE;
  info.frames = v.nb_frames;
  info.duration = seconds_of(f, v);
  info.bit_rate = p.bit_rate;
  for (unsigned i = 0; i < f.nb_streams; ++i) {
    const AVStream& s = *f.streams[i];
    streams.push_back({static_cast<int>(i), kind_of(s), codec_name(*s.codecpar), &s == &v});
  }
}

}  // namespace cleanplate
