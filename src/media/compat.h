/// @file
/// FFmpeg 5.1 to 8 in one place, by feature; the only file of the room that asks for a version.
#pragma once
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/version.h>
}

#include <cstdint>
#include <cstring>
#include <vector>

/// AVFrame::duration in place of pkt_duration.
#define CP_AV_FRAME_DURATION (LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100))
/// Key, interlaced and top-field-first as AVFrame::flags.
#define CP_AV_FRAME_FLAGS (LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100))
/// A stream's side data in AVCodecParameters::coded_side_data.
#define CP_AV_CODED_SIDE_DATA (LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100))
/// The write callback takes const bytes.
#define CP_AV_WRITE_CONST (LIBAVFORMAT_VERSION_MAJOR >= 61)
/// avcodec_get_supported_config in place of AVCodec's lists.
#define CP_AV_SUPPORTED_CONFIG (LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100))
/// 4:4:4 in the high bits has formats of its own depth.
#ifdef AV_PIX_FMT_YUV444P10MSB
#define CP_AV_YUV444_MSB 1
#else
#define CP_AV_YUV444_MSB 0
#endif
/// Matroska's muxer adds the sound codec's delay to its times; before, it only wrote it down.
#define CP_AV_MATROSKA_ADDS_DELAY (LIBAVFORMAT_VERSION_MAJOR >= 60)

/// get_buffer2 may be called by the codec's threads; before, it had to be said.
#define CP_AV_THREAD_SAFE_CALLBACKS (LIBAVCODEC_VERSION_MAJOR >= 60)

namespace cleanplate::media {

inline void allow_calls_from_threads([[maybe_unused]] AVCodecContext& c) {
#if !CP_AV_THREAD_SAFE_CALLBACKS
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  c.thread_safe_callbacks = 1;
#pragma GCC diagnostic pop
#endif
}

inline std::int64_t frame_duration(const AVFrame& f) {
#if CP_AV_FRAME_DURATION
  return f.duration;
#else
  return f.pkt_duration;
#endif
}
inline void set_frame_duration(AVFrame& f, std::int64_t ticks) {
#if CP_AV_FRAME_DURATION
  f.duration = ticks;
#else
  f.pkt_duration = ticks;
#endif
}

inline bool is_key(const AVFrame& f) {
#if CP_AV_FRAME_FLAGS
  return f.flags & AV_FRAME_FLAG_KEY;
#else
  return f.key_frame != 0;
#endif
}
inline bool is_interlaced(const AVFrame& f) {
#if CP_AV_FRAME_FLAGS
  return f.flags & AV_FRAME_FLAG_INTERLACED;
#else
  return f.interlaced_frame != 0;
#endif
}
inline bool is_top_field_first(const AVFrame& f) {
#if CP_AV_FRAME_FLAGS
  return f.flags & AV_FRAME_FLAG_TOP_FIELD_FIRST;
#else
  return f.top_field_first != 0;
#endif
}
inline void set_fields(AVFrame& f, bool interlaced, bool top_first) {
#if CP_AV_FRAME_FLAGS
  f.flags &= ~(AV_FRAME_FLAG_INTERLACED | AV_FRAME_FLAG_TOP_FIELD_FIRST);
  if (interlaced) f.flags |= AV_FRAME_FLAG_INTERLACED;
  if (top_first) f.flags |= AV_FRAME_FLAG_TOP_FIELD_FIRST;
#else
  f.interlaced_frame = interlaced;
  f.top_field_first = top_first;
#endif
}

struct SideData {
  AVPacketSideDataType type;
  const std::uint8_t* data;
  std::size_t size;
};

/// All of a stream's side data; the bytes stay the stream's.
inline std::vector<SideData> side_data_of(const AVStream& s) {
  std::vector<SideData> all;
#if CP_AV_CODED_SIDE_DATA
  for (int i = 0; i < s.codecpar->nb_coded_side_data; ++i) {
    const AVPacketSideData& d = s.codecpar->coded_side_data[i];
    all.push_back({d.type, d.data, d.size});
  }
#else
  for (int i = 0; i < s.nb_side_data; ++i)
    all.push_back({s.side_data[i].type, s.side_data[i].data, s.side_data[i].size});
#endif
  return all;
}
/// @return the side data of one type; data is null where there is none.
inline SideData side_data_of(const AVStream& s, AVPacketSideDataType type) {
  for (const SideData& d : side_data_of(s))
    if (d.type == type) return d;
  return {type, nullptr, 0};
}
/// Copies `d` onto the stream, in place of what it had of that type. @return false: no memory.
inline bool add_side_data(AVStream& s, const SideData& d) {
#if CP_AV_CODED_SIDE_DATA
  AVPacketSideData* made = av_packet_side_data_new(
      &s.codecpar->coded_side_data, &s.codecpar->nb_coded_side_data, d.type, d.size, 0);
  std::uint8_t* to = made ? made->data : nullptr;
#else
  std::uint8_t* to = av_stream_new_side_data(&s, d.type, d.size);
#endif
  if (to) std::memcpy(to, d.data, d.size);
  return to != nullptr;
}

/// The pixel formats that an encoder takes; empty: it does not say.
inline std::vector<AVPixelFormat> pixel_formats_of(const AVCodec& codec) {
  std::vector<AVPixelFormat> all;
#if CP_AV_SUPPORTED_CONFIG
  const void* list = nullptr;
  int n = 0;
  if (avcodec_get_supported_config(nullptr, &codec, AV_CODEC_CONFIG_PIX_FORMAT, 0, &list, &n) >= 0)
    all.assign(static_cast<const AVPixelFormat*>(list),
               static_cast<const AVPixelFormat*>(list) + n);
#else
  for (const AVPixelFormat* f = codec.pix_fmts; f && *f != AV_PIX_FMT_NONE; ++f) all.push_back(*f);
#endif
  return all;
}
/// The frame rates that an encoder takes; empty: any.
inline std::vector<AVRational> frame_rates_of(const AVCodec& codec) {
  std::vector<AVRational> all;
#if CP_AV_SUPPORTED_CONFIG
  const void* list = nullptr;
  int n = 0;
  if (avcodec_get_supported_config(nullptr, &codec, AV_CODEC_CONFIG_FRAME_RATE, 0, &list, &n) >= 0)
    all.assign(static_cast<const AVRational*>(list), static_cast<const AVRational*>(list) + n);
#else
  for (const AVRational* r = codec.supported_framerates; r && r->num; ++r) all.push_back(*r);
#endif
  return all;
}

}  // namespace cleanplate::media
