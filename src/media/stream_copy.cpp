#include "media/stream_copy.h"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/intreadwrite.h>
}

#include <algorithm>
#include <cstring>
#include <string_view>

namespace cleanplate::media {

namespace {
void copy_tags(AVDictionary** to, const AVDictionary* from) { av_dict_copy(to, from, 0); }

void drop_tag(AVDictionary** tags, const char* key) { av_dict_set(tags, key, nullptr, 0); }

/// Tags that describe the old container or the old coding, not the work.
void drop_stale_video_tags(AVDictionary** tags) {
  drop_tag(tags, "encoder");
  std::vector<std::string> stale;
  const AVDictionaryEntry* e = nullptr;
  while ((e = av_dict_get(*tags, "", e, AV_DICT_IGNORE_SUFFIX))) {
    const std::string_view key = e->key;
    for (const char* start : {"BPS", "NUMBER_OF_BYTES", "NUMBER_OF_FRAMES", "_STATISTICS_"})
      if (key.starts_with(start)) stale.emplace_back(key);
  }
  for (const std::string& key : stale) drop_tag(tags, key.c_str());
}

bool is_timecode(const AVStream& s) { return s.codecpar->codec_tag == MKTAG('t', 'm', 'c', 'd'); }

/// QuickTime's chapter list shows as a stream too; the muxer makes a new one from the chapters.
bool is_chapter_track(const AVFormatContext& f, const AVStream& s) {
  return f.nb_chapters && s.codecpar->codec_id == AV_CODEC_ID_BIN_DATA &&
         s.codecpar->codec_type == AVMEDIA_TYPE_DATA;
}

Degradation drop(const AVStream& s, const std::string& reason) {
  return {"mux",
          std::string("stream ") + std::to_string(s.index) + " (" + kind_of(s) + ", " +
              codec_name(*s.codecpar) + ")",
          "dropped", reason, 0};
}

bool holds(const Container& container, const AVStream& s) {
  const AVCodecParameters& p = *s.codecpar;
  if (p.codec_type == AVMEDIA_TYPE_ATTACHMENT) return container.kind == ContainerKind::matroska;
  if (is_cover(s)) return container.is_mov() || container.kind == ContainerKind::matroska;
  return p.codec_id != AV_CODEC_ID_NONE && container.holds(p.codec_id);
}

/// The container's own four characters are kept where the new one knows them for this codec.
std::uint32_t fitting_tag(const AVOutputFormat& format, const AVCodecParameters& p) {
  const bool known =
      format.codec_tag && av_codec_get_id(format.codec_tag, p.codec_tag) == p.codec_id;
  return known ? p.codec_tag : 0;
}

/// Matroska has no cover stream, but files attached.
void as_attachment(AVStream& to, const AVStream& from) {
  const AVPacket& picture = from.attached_pic;
  const bool png = from.codecpar->codec_id == AV_CODEC_ID_PNG;
  AVCodecParameters& p = *to.codecpar;
  p.codec_type = AVMEDIA_TYPE_ATTACHMENT;
  p.codec_id = from.codecpar->codec_id;
  av_freep(&p.extradata);
  const auto bytes = static_cast<std::size_t>(picture.size);
  p.extradata = static_cast<std::uint8_t*>(must(av_mallocz(bytes + AV_INPUT_BUFFER_PADDING_SIZE)));
  p.extradata_size = picture.size;
  std::memcpy(p.extradata, picture.data, bytes);
  to.disposition = 0;
  av_dict_set(&to.metadata, "filename", png ? "cover.png" : "cover.jpg", AV_DICT_DONT_OVERWRITE);
  av_dict_set(&to.metadata, "mimetype", png ? "image/png" : "image/jpeg", AV_DICT_DONT_OVERWRITE);
}

AVStream* add_stream(const AVStream& from, AVFormatContext& output, const Container& container) {
  AVStream* to = must(avformat_new_stream(&output, nullptr));
  if (avcodec_parameters_copy(to->codecpar, from.codecpar) < 0) throw std::bad_alloc();
  to->codecpar->codec_tag = fitting_tag(*container.format, *from.codecpar);
  to->time_base = from.time_base;
  to->avg_frame_rate = from.avg_frame_rate;
  to->r_frame_rate = from.r_frame_rate;
  to->sample_aspect_ratio = from.sample_aspect_ratio;
  to->disposition = from.disposition;
  copy_tags(&to->metadata, from.metadata);
#if !CP_AV_CODED_SIDE_DATA  // newer ones come with the parameters
  for (const SideData& d : side_data_of(from))
    if (!add_side_data(*to, d)) throw std::bad_alloc();
#endif
  if (is_cover(from) && container.is_matroska()) as_attachment(*to, from);
  return to;
}

/// Milliseconds that a reader of a Matroska file takes off this sound's times.
std::int64_t matroska_delay(const AVCodecParameters& p) {
  if (p.codec_id != AV_CODEC_ID_OPUS || p.initial_padding <= 0) return 0;
  return av_rescale(p.initial_padding, 1000, 48000);
}

void copy_chapters(const AVFormatContext& from, AVFormatContext& to, std::int64_t start) {
  for (unsigned i = 0; i < from.nb_chapters; ++i) {
    const AVChapter& c = *from.chapters[i];
    const std::int64_t offset = av_rescale_q(start, AV_TIME_BASE_Q, c.time_base);
    auto* made = static_cast<AVChapter*>(must(av_mallocz(sizeof(AVChapter))));
    made->id = c.id;
    made->time_base = c.time_base;
    made->start = c.start - offset;
    made->end = c.end == AV_NOPTS_VALUE ? c.end : c.end - offset;
    copy_tags(&made->metadata, c.metadata);
    int n = static_cast<int>(to.nb_chapters);
    av_dynarray_add(&to.chapters, &n, made);
    to.nb_chapters = static_cast<unsigned>(n);
  }
}

void copy_programs(const AVFormatContext& from, AVFormatContext& to, const CopyPlan& plan) {
  for (unsigned i = 0; i < from.nb_programs; ++i) {
    const AVProgram& p = *from.programs[i];
    AVProgram* made = must(av_new_program(&to, p.id));
    copy_tags(&made->metadata, p.metadata);
    for (unsigned k = 0; k < p.nb_stream_indexes; ++k)
      if (const AVStream* out = plan.streams[p.stream_index[k]].out)
        av_program_add_stream_index(&to, p.id, static_cast<unsigned>(out->index));
  }
  // One program's stream numbers can be kept; those of several may collide with the new tables.
  if (from.nb_programs != 1) return;
  for (unsigned i = 0; i < from.nb_streams; ++i)
    if (AVStream* out = plan.streams[i].out) out->id = from.streams[i]->id;
}

void copy_global_tags(const AVFormatContext& from, AVFormatContext& to) {
  copy_tags(&to.metadata, from.metadata);
  for (const char* key : {"encoder", "major_brand", "minor_version", "compatible_brands"})
    drop_tag(&to.metadata, key);
}
}  // namespace

std::int64_t earliest(const Source& source, std::int64_t start) {
  constexpr std::int64_t tick = 1000;  // µs
  std::int64_t first = 0;
  for (unsigned i = 0; i < source.format->nb_streams; ++i) {
    AVStream& s = *source.format->streams[i];
    if (s.start_time == AV_NOPTS_VALUE || is_cover(s)) continue;
    std::int64_t at = s.start_time;
    // Packets before the edit list's start are there, though libavformat's start time skips them.
    const AVIndexEntry* entry = avformat_index_get_entry(&s, 0);
    if (entry && is_mov(*source.format) && s.codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
      at = std::min(at, entry->timestamp);
    const std::int64_t us = av_rescale_q(at, s.time_base, AV_TIME_BASE_Q) - start;
    first = std::min(first, us + matroska_delay(*s.codecpar) * tick);
  }
  return -((-first + tick - 1) / tick * tick);
}

CopyPlan copy_streams(const Source& source, AVFormatContext& output, const Container& container,
                      std::int64_t start) {
  const AVFormatContext& in = *source.format;
  CopyPlan plan;
  plan.streams.resize(in.nb_streams);
  for (unsigned i = 0; i < in.nb_streams; ++i) {
    AVStream& s = *in.streams[i];
    CopiedStream& to = plan.streams[i];
    to.tick = s.time_base;
    to.offset = av_rescale_q(start, AV_TIME_BASE_Q, s.time_base);
    if (&s == source.video) {
      plan.video = to.out = must(avformat_new_stream(&output, nullptr));
      continue;
    }
    if (is_chapter_track(in, s)) continue;
    // QuickTime's time code track is made anew from the video's tag; Matroska keeps the tag itself.
    if (is_timecode(s) && container.kind != ContainerKind::mpegts) continue;
    if (s.codecpar->codec_id == AV_CODEC_ID_NONE &&
        s.codecpar->codec_type == AVMEDIA_TYPE_UNKNOWN) {
      plan.dropped.push_back(drop(s, "this FFmpeg does not know what it holds"));
      continue;
    }
    if (!holds(container, s)) {
      const bool most = container.kind == ContainerKind::matroska;
      plan.dropped.push_back(drop(s, std::string("a ") + container.format->name +
                                         " file cannot hold it" +
                                         (most ? "" : "; .mkv holds most")));
      continue;
    }
    to.out = add_stream(s, output, container);
    const AVMediaType type = s.codecpar->codec_type;
    to.may_repeat = (container.format->flags & AVFMT_TS_NONSTRICT) ||
                    type == AVMEDIA_TYPE_SUBTITLE || type == AVMEDIA_TYPE_DATA;
    if (type == AVMEDIA_TYPE_VIDEO && s.avg_frame_rate.num > 0)
      to.reorder =
          s.codecpar->video_delay * av_rescale_q(1, av_inv_q(s.avg_frame_rate), s.time_base);
    if (container.is_matroska() && !CP_AV_MATROSKA_ADDS_DELAY)
      to.delay = matroska_delay(*s.codecpar);
  }
  copy_global_tags(in, output);
  // A file's time code would give each video stream, cover art too, a track of its own.
  for (unsigned i = 0; i < in.nb_streams; ++i)
    if (av_dict_get(in.streams[i]->metadata, "timecode", nullptr, 0))
      drop_tag(&output.metadata, "timecode");
  if (container.kind != ContainerKind::mpegts)
    copy_chapters(in, output, start);
  else if (in.nb_chapters)
    plan.dropped.push_back({"mux", std::to_string(in.nb_chapters) + " chapters", "dropped",
                            "a transport stream has none", 0});
  if (container.kind == ContainerKind::mpegts) copy_programs(in, output, plan);
  return plan;
}

std::vector<Degradation> dress_video(const Source& source, const AVFrame& first, AVStream& out,
                                     const Container& container) {
  const AVStream& in = *source.video;
  out.disposition = in.disposition;
  copy_tags(&out.metadata, in.metadata);
  drop_stale_video_tags(&out.metadata);
  constexpr AVPacketSideDataType about_coding[] = {AV_PKT_DATA_CPB_PROPERTIES,
                                                   AV_PKT_DATA_DOVI_CONF, AV_PKT_DATA_NEW_EXTRADATA,
                                                   AV_PKT_DATA_ENCRYPTION_INIT_INFO};
  for (const SideData& d : side_data_of(in))
    if (std::find(std::begin(about_coding), std::end(about_coding), d.type) ==
            std::end(about_coding) &&
        !add_side_data(out, d))
      throw std::bad_alloc();
  struct Pair {
    AVFrameSideDataType in_frame;
    AVPacketSideDataType in_stream;
  };
  constexpr Pair whole_video[] = {
      {AV_FRAME_DATA_DISPLAYMATRIX, AV_PKT_DATA_DISPLAYMATRIX},
      {AV_FRAME_DATA_STEREO3D, AV_PKT_DATA_STEREO3D},
      {AV_FRAME_DATA_SPHERICAL, AV_PKT_DATA_SPHERICAL},
      {AV_FRAME_DATA_ICC_PROFILE, AV_PKT_DATA_ICC_PROFILE},
      {AV_FRAME_DATA_MASTERING_DISPLAY_METADATA, AV_PKT_DATA_MASTERING_DISPLAY_METADATA},
      {AV_FRAME_DATA_CONTENT_LIGHT_LEVEL, AV_PKT_DATA_CONTENT_LIGHT_LEVEL}};
  for (const Pair& p : whole_video) {
    const AVFrameSideData* d = av_frame_get_side_data(&first, p.in_frame);
    if (d && !side_data_of(out, p.in_stream).data &&
        !add_side_data(out, {p.in_stream, d->data, d->size}))
      throw std::bad_alloc();
  }
  std::vector<Degradation> lost;
  const SideData matrix = side_data_of(out, AV_PKT_DATA_DISPLAYMATRIX);
  if (matrix.data && !container.is_mov() &&
      av_display_rotation_get(reinterpret_cast<const std::int32_t*>(matrix.data)) != 0)
    lost.push_back(
        {"mux", "the display rotation", "dropped",
         std::string("a ") + container.format->name + " file cannot hold it; .mp4 and .mov can",
         0});
  return lost;
}

int write_covers(const Source& source, CopyPlan& plan, AVFormatContext& output) {
  for (unsigned i = 0; i < source.format->nb_streams; ++i) {
    const AVStream& s = *source.format->streams[i];
    AVStream* out = plan.streams[i].out;
    if (!is_cover(s) || !out || out->codecpar->codec_type == AVMEDIA_TYPE_ATTACHMENT) continue;
    const PacketPtr packet(must(av_packet_clone(&s.attached_pic)));
    packet->stream_index = out->index;
    packet->pts = packet->dts = 0;
    if (const int r = av_interleaved_write_frame(&output, packet.get()); r < 0) return r;
  }
  return 0;
}

bool is_copied(const AVPacket& packet, const CopiedStream& stream) {
  if (!stream.out || is_cover(*stream.out)) return false;
  constexpr int length_bytes = 2;  // of a text sample
  if (stream.out->codecpar->codec_id != AV_CODEC_ID_MOV_TEXT) return true;
  return packet.size > length_bytes || (packet.size == length_bytes && AV_RB16(packet.data) != 0);
}

void retime(AVPacket& packet, CopiedStream& stream) {
  if (packet.pts == AV_NOPTS_VALUE) packet.pts = packet.dts;
  if (packet.pts == AV_NOPTS_VALUE) packet.pts = stream.offset;
  const bool guess = packet.dts == AV_NOPTS_VALUE;
  if (guess) packet.dts = packet.pts - stream.reorder;
  packet.pts -= stream.offset;
  packet.dts -= stream.offset;
  av_packet_rescale_ts(&packet, stream.tick, stream.out->time_base);
  packet.pts += stream.delay;
  packet.dts += stream.delay;
  if (stream.last_dts != AV_NOPTS_VALUE) {
    const std::int64_t least = stream.last_dts + (stream.may_repeat ? 0 : 1);
    // A guess stays low, or it would overtake the first dts that is known.
    packet.dts = guess && stream.reorder > 0 ? least : std::max(packet.dts, least);
  }
  packet.pts = std::max(packet.pts, packet.dts);
  stream.last_dts = packet.dts;
  packet.stream_index = stream.out->index;
  packet.time_base = stream.out->time_base;
  packet.pos = -1;
}

}  // namespace cleanplate::media
