#include "media_clips.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/pixdesc.h>
}
#include <stdlib.h>  // mkdtemp, setenv

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace clips {

namespace {
int ok(int r, const std::string& what) {
  if (r >= 0) return r;
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(r, text, sizeof text);
  throw std::runtime_error(what + ": " + text);
}
template <class T>
T* ok(T* p, const std::string& what) {
  if (!p) throw std::runtime_error(what);
  return p;
}

struct Free {
  void operator()(AVFrame* p) const { av_frame_free(&p); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
  void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
  void operator()(AVFormatContext* p) const {
    if (p->oformat && p->pb) avio_closep(&p->pb);
    if (p->iformat)
      avformat_close_input(&p);
    else
      avformat_free_context(p);
  }
};
template <class T>
using Held = std::unique_ptr<T, Free>;

void set(AVDictionary** to, const Pairs& from) {
  for (const auto& [key, value] : from) av_dict_set(to, key.c_str(), value.c_str(), 0);
}

/// A picture that moves, with texture that an encoder has to work for.
void paint(AVFrame& f, int n) {
  const AVPixFmtDescriptor& d = *av_pix_fmt_desc_get(static_cast<AVPixelFormat>(f.format));
  for (int c = 0; c < d.nb_components; ++c) {
    const AVComponentDescriptor& comp = d.comp[c];
    const bool chroma = c == 1 || c == 2;
    const int w = chroma ? AV_CEIL_RSHIFT(f.width, d.log2_chroma_w) : f.width;
    const int h = chroma ? AV_CEIL_RSHIFT(f.height, d.log2_chroma_h) : f.height;
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        unsigned hash = static_cast<unsigned>(x + 3 * n) * 2654435761U ^
                        static_cast<unsigned>(y * 7 + c) * 40503U;
        const int level = 32 + (x * 2 + y + n * 4) % 160 + static_cast<int>(hash >> 28);
        std::uint8_t* at = f.data[comp.plane] + y * f.linesize[comp.plane] + x * comp.step;
        if (comp.depth > 8) {
          const auto v = static_cast<std::uint16_t>((level << (comp.depth - 8)) << comp.shift);
          std::memcpy(at + comp.offset / 2 * 2, &v, 2);
        } else {
          at[comp.offset] = static_cast<std::uint8_t>(level);
        }
      }
  }
}

/// Everything of one clip while it is written.
class Maker {
 public:
  Maker(const std::string& path, const Clip& clip) : clip_(clip), path_(path) {
    AVFormatContext* made = nullptr;
    const std::string extension = std::filesystem::path(path).extension().string();
    const char* muxer = extension == ".ts" ? "mpegts" : extension == ".mkv" ? "matroska" : nullptr;
    ok(avformat_alloc_output_context2(&made, nullptr, muxer, path.c_str()), "muxer for " + path);
    out_.reset(made);
    if (extension == ".ts") made->max_delay = 700000;  // µs; starts at 1.4 s, as broadcasts do
  }

  void run() {
    if (clip_.video) open_video(main_, clip_.width, clip_.height);
    if (clip_.second_video) open_video(second_, 64, 48);
    if (clip_.sound) open_sound();
    if (clip_.subtitle) open_subtitle();
    if (clip_.cover) open_cover();
    if (clip_.attachment) attach();
    dress();
    ok(avio_open(&out_->pb, path_.c_str(), AVIO_FLAG_WRITE), "opening " + path_);
    AVDictionary* options = nullptr;
    set(&options, clip_.muxing);
    const int r = avformat_write_header(out_.get(), &options);
    av_dict_free(&options);
    ok(r, "header of " + path_);
    if (clip_.cover) write_cover();
    write_subtitles();
    for (std::size_t i = 0; i < times().size(); ++i) {
      if (main_.context) code_picture(main_, i);
      if (second_.context) code_picture(second_, i);
      code_sound_until(static_cast<double>(times()[i]) * av_q2d(clip_.tick));
    }
    for (Track* t : {&main_, &second_})
      if (t->context) send(*t, nullptr);
    if (sound_.context) send(sound_, nullptr);
    ok(av_write_trailer(out_.get()), "trailer");
  }

 private:
  struct Track {
    Held<AVCodecContext> context;
    AVStream* stream = nullptr;
    std::int64_t next = 0;  ///< sound: samples so far
  };

  const std::vector<std::int64_t>& times() {
    if (times_.empty()) {
      times_ = clip_.times;
      for (int i = 0; times_.size() < 24 && clip_.times.empty(); ++i)
        times_.push_back(av_rescale(i, clip_.tick.den, 25LL * clip_.tick.num));
    }
    return times_;
  }

  void open_video(Track& t, int width, int height) {
    const AVCodec* codec = ok(avcodec_find_encoder_by_name(clip_.video), clip_.video);
    t.stream = ok(avformat_new_stream(out_.get(), nullptr), "stream");
    t.context.reset(ok(avcodec_alloc_context3(codec), "context"));
    AVCodecContext& c = *t.context;
    c.width = width;
    c.height = height;
    c.pix_fmt = clip_.format;
    c.time_base = clip_.tick;
    c.framerate = {25, 1};
    // MPEG-2 and MPEG-4 part 2 have small time bases; their clips have constant rates here.
    const std::string name = clip_.video;
    if (name == "mpeg2video" || name == "mpeg4") c.time_base = {1, 25};
    const AVCodecDescriptor* described = avcodec_descriptor_get(codec->id);
    const bool intra = described && (described->props & AV_CODEC_PROP_INTRA_ONLY);
    c.max_b_frames = intra ? 0 : clip_.b_frames;
    c.thread_count = 1;
    if (!intra) c.gop_size = 12;
    c.color_range = clip_.range;
    c.color_primaries = clip_.primaries;
    c.color_trc = clip_.transfer;
    c.colorspace = clip_.matrix;
    c.sample_aspect_ratio = clip_.sample_aspect;
    c.strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL;
    if (clip_.interlaced) {
      c.flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
      c.field_order = clip_.bottom_field_first ? AV_FIELD_BB : AV_FIELD_TT;
    }
    if (out_->oformat->flags & AVFMT_GLOBALHEADER) c.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    AVDictionary* options = nullptr;
    if (name == "libx264") av_dict_set(&options, "preset", "veryfast", 0);
    if (clip_.notes) av_dict_set(&options, "udu_sei", "1", 0);
    if (name == "libx265") {
      av_dict_set(&options, "preset", "ultrafast", 0);
      av_dict_set(&options, "x265-params", "log-level=none:pools=1:bframes=2", 0);
    }
    if (name == "libvpx-vp9") av_dict_set(&options, "cpu-used", "8", 0);
    if (name == "libsvtav1") av_dict_set(&options, "preset", "12", 0);
    set(&options, clip_.coding);
    const int r = avcodec_open2(&c, codec, &options);
    av_dict_free(&options);
    ok(r, name);
    ok(avcodec_parameters_from_context(t.stream->codecpar, &c), "parameters");
    t.stream->time_base = c.time_base;
    t.stream->avg_frame_rate = clip_.times.empty() ? AVRational{25, 1} : AVRational{0, 1};
    t.stream->sample_aspect_ratio = clip_.sample_aspect;
  }

  void open_sound() {
    const AVCodec* codec = ok(avcodec_find_encoder_by_name(clip_.sound), clip_.sound);
    sound_.stream = ok(avformat_new_stream(out_.get(), nullptr), "stream");
    sound_.context.reset(ok(avcodec_alloc_context3(codec), "context"));
    AVCodecContext& c = *sound_.context;
    c.sample_rate = 48000;
    c.sample_fmt = codec->sample_fmts[0];
    const AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO;
    ok(av_channel_layout_copy(&c.ch_layout, &mono), "layout");
    c.time_base = {1, c.sample_rate};
    c.bit_rate = 64000;
    if (out_->oformat->flags & AVFMT_GLOBALHEADER) c.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    ok(avcodec_open2(&c, codec, nullptr), clip_.sound);
    ok(avcodec_parameters_from_context(sound_.stream->codecpar, &c), "parameters");
    sound_.stream->time_base = c.time_base;
    av_dict_set(&sound_.stream->metadata, "language", "deu", 0);
    sound_.next = std::llround(clip_.sound_from * c.sample_rate);
  }

  void open_subtitle() {
    subtitle_ = ok(avformat_new_stream(out_.get(), nullptr), "stream");
    subtitle_->codecpar->codec_type = AVMEDIA_TYPE_SUBTITLE;
    subtitle_->codecpar->codec_id =
        ok(avcodec_descriptor_get_by_name(clip_.subtitle), clip_.subtitle)->id;
    subtitle_->time_base = {1, 1000};
    subtitle_->disposition = AV_DISPOSITION_FORCED;
    av_dict_set(&subtitle_->metadata, "language", "fra", 0);
  }

  void write_subtitles() {
    if (!subtitle_) return;
    for (int i = 0; i < 2; ++i) {
      std::string text = i ? "second" : "first";
      if (std::string(clip_.subtitle) == "mov_text")
        text = std::string(1, '\0') + static_cast<char>(text.size()) + text;
      Held<AVPacket> p(ok(av_packet_alloc(), "packet"));
      ok(av_new_packet(p.get(), static_cast<int>(text.size())), "packet");
      std::memcpy(p->data, text.data(), text.size());
      p->pts = p->dts = 100 + 400 * i;
      p->duration = 300;
      p->flags |= AV_PKT_FLAG_KEY;
      write(*p, {1, 1000}, *subtitle_);
    }
  }

  /// One small JPEG.
  Held<AVPacket> jpeg() {
    const AVCodec* codec = ok(avcodec_find_encoder(AV_CODEC_ID_MJPEG), "mjpeg");
    Held<AVCodecContext> c(ok(avcodec_alloc_context3(codec), "context"));
    c->width = c->height = 32;
    c->pix_fmt = AV_PIX_FMT_YUVJ420P;
    c->time_base = {1, 25};
    ok(avcodec_open2(c.get(), codec, nullptr), "mjpeg");
    Held<AVFrame> f = picture(*c, 0);
    f->pts = 0;
    ok(avcodec_send_frame(c.get(), f.get()), "mjpeg");
    Held<AVPacket> p(ok(av_packet_alloc(), "packet"));
    ok(avcodec_receive_packet(c.get(), p.get()), "mjpeg");
    return p;
  }

  void open_cover() {
    cover_ = ok(avformat_new_stream(out_.get(), nullptr), "stream");
    AVCodecParameters& p = *cover_->codecpar;
    p.codec_type = AVMEDIA_TYPE_VIDEO;
    p.codec_id = AV_CODEC_ID_MJPEG;
    p.width = p.height = 32;
    p.format = AV_PIX_FMT_YUVJ420P;
    cover_->disposition = AV_DISPOSITION_ATTACHED_PIC;
    cover_->time_base = {1, 90000};
  }
  void write_cover() {
    Held<AVPacket> p = jpeg();
    p->pts = p->dts = 0;
    write(*p, {1, 25}, *cover_);
  }

  void attach() {
    AVStream& s = *ok(avformat_new_stream(out_.get(), nullptr), "stream");
    s.codecpar->codec_type = AVMEDIA_TYPE_ATTACHMENT;
    const std::string bytes = "a note that came with the film";
    s.codecpar->extradata =
        static_cast<std::uint8_t*>(av_mallocz(bytes.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    std::memcpy(s.codecpar->extradata, bytes.data(), bytes.size());
    s.codecpar->extradata_size = static_cast<int>(bytes.size());
    av_dict_set(&s.metadata, "filename", "note.txt", 0);
    av_dict_set(&s.metadata, "mimetype", "text/plain", 0);
  }

  void dress() {
    set(&out_->metadata, clip_.tags);
    if (clip_.timecode) av_dict_set(&main_.stream->metadata, "timecode", "01:02:03:04", 0);
    if (clip_.rotation != 0) {
      std::int32_t matrix[9];
      av_display_rotation_set(matrix, clip_.rotation);
      std::memcpy(
          ok(av_stream_new_side_data(main_.stream, AV_PKT_DATA_DISPLAYMATRIX, sizeof matrix),
             "matrix"),
          matrix, sizeof matrix);
    }
    if (clip_.hdr10) add_hdr10();
    if (clip_.chapters)
      for (int i = 0; i < 2; ++i) {
        auto* c = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
        c->id = i + 1;
        c->time_base = {1, 1000};
        c->start = 500 * i;
        c->end = 500 * (i + 1);
        av_dict_set(&c->metadata, "title", i ? "two" : "one", 0);
        int n = static_cast<int>(out_->nb_chapters);
        av_dynarray_add(&out_->chapters, &n, c);
        out_->nb_chapters = static_cast<unsigned>(n);
      }
  }

  void add_hdr10() {
    std::size_t size = 0;
    AVMasteringDisplayMetadata* m = av_mastering_display_metadata_alloc();
    const int primaries[3][2] = {{34000, 16000}, {13250, 34500}, {7500, 3000}};
    for (int i = 0; i < 3; ++i)
      for (int k = 0; k < 2; ++k) m->display_primaries[i][k] = {primaries[i][k], 50000};
    m->white_point[0] = {15635, 50000};
    m->white_point[1] = {16450, 50000};
    m->max_luminance = {10000000, 10000};
    m->min_luminance = {50, 10000};
    m->has_primaries = m->has_luminance = 1;
    ok(av_stream_add_side_data(main_.stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
                               reinterpret_cast<std::uint8_t*>(m), sizeof *m),
       "mastering display");
    AVContentLightMetadata* l = av_content_light_metadata_alloc(&size);
    l->MaxCLL = 1000;
    l->MaxFALL = 400;
    ok(av_stream_add_side_data(main_.stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL,
                               reinterpret_cast<std::uint8_t*>(l), size),
       "content light");
  }

  static Held<AVFrame> picture(const AVCodecContext& c, int n) {
    Held<AVFrame> f(ok(av_frame_alloc(), "frame"));
    f->format = c.pix_fmt;
    f->width = c.width;
    f->height = c.height;
    ok(av_frame_get_buffer(f.get(), 0), "frame");
    paint(*f, n);
    return f;
  }

  void code_picture(Track& t, std::size_t i) {
    Held<AVFrame> f = picture(*t.context, static_cast<int>(i));
    f->pts = av_rescale_q(times()[i], clip_.tick, t.context->time_base);
    if (clip_.interlaced) {
      f->interlaced_frame = 1;
      f->top_field_first = !clip_.bottom_field_first;
    }
    if (clip_.notes)
      for (const char* note : {"sixteen bytes id one note", "sixteen bytes id another"}) {
        AVFrameSideData* d =
            ok(av_frame_new_side_data(f.get(), AV_FRAME_DATA_SEI_UNREGISTERED, std::strlen(note)),
               "note");
        std::memcpy(d->data, note, std::strlen(note));
      }
    if (clip_.captions) {
      AVFrameSideData* d = ok(av_frame_new_side_data(f.get(), AV_FRAME_DATA_A53_CC, 3), "captions");
      d->data[0] = 0xFC;
      d->data[1] = static_cast<std::uint8_t>(0x80 | (i & 0x7F));
      d->data[2] = 0x80;
    }
    send(t, f.get());
  }

  void code_sound_until(double seconds) {
    if (!sound_.context) return;
    AVCodecContext& c = *sound_.context;
    const int samples = c.frame_size > 0 ? c.frame_size : 1024;
    while (static_cast<double>(sound_.next) / c.sample_rate <= seconds) {
      Held<AVFrame> f(ok(av_frame_alloc(), "frame"));
      f->format = c.sample_fmt;
      f->nb_samples = samples;
      f->sample_rate = c.sample_rate;
      ok(av_channel_layout_copy(&f->ch_layout, &c.ch_layout), "layout");
      ok(av_frame_get_buffer(f.get(), 0), "frame");
      for (int i = 0; i < samples; ++i) {
        const double v = .4 * std::sin(static_cast<double>(sound_.next + i) * .05);
        if (c.sample_fmt == AV_SAMPLE_FMT_FLTP || c.sample_fmt == AV_SAMPLE_FMT_FLT)
          reinterpret_cast<float*>(f->data[0])[i] = static_cast<float>(v);
        else
          reinterpret_cast<std::int16_t*>(f->data[0])[i] = static_cast<std::int16_t>(v * 32000);
      }
      f->pts = sound_.next;
      sound_.next += samples;
      send(sound_, f.get());
    }
  }

  void send(Track& t, const AVFrame* f) {
    ok(avcodec_send_frame(t.context.get(), f), "encoding");
    Held<AVPacket> p(ok(av_packet_alloc(), "packet"));
    while (true) {
      const int r = avcodec_receive_packet(t.context.get(), p.get());
      if (r == AVERROR(EAGAIN) || r == AVERROR_EOF) return;
      ok(r, "encoding");
      if (&t != &sound_) p->duration = duration_at(p->pts, t.context->time_base);
      write(*p, t.context->time_base, *t.stream);
    }
  }

  std::int64_t duration_at(std::int64_t pts, AVRational tick) {
    const auto& all = times();
    const std::int64_t at = av_rescale_q(pts, tick, clip_.tick);
    const auto next = std::upper_bound(all.begin(), all.end(), at);
    std::int64_t d = all.size() > 1 ? all.back() - all[all.size() - 2] : 1;
    if (next != all.end())
      d = *next - at;
    else if (clip_.last_duration)
      d = clip_.last_duration;
    return av_rescale_q(d, clip_.tick, tick);
  }

  void write(AVPacket& p, AVRational tick, const AVStream& s) {
    av_packet_rescale_ts(&p, tick, s.time_base);
    p.stream_index = s.index;
    ok(av_interleaved_write_frame(out_.get(), &p), "muxing");
  }

  const Clip& clip_;
  std::string path_;
  Held<AVFormatContext> out_;
  Track main_, second_, sound_;
  AVStream *subtitle_ = nullptr, *cover_ = nullptr;
  std::vector<std::int64_t> times_;
};

std::map<std::string, std::string> tags_of(const AVDictionary* d) {
  std::map<std::string, std::string> tags;
  const AVDictionaryEntry* e = nullptr;
  while ((e = av_dict_get(d, "", e, AV_DICT_IGNORE_SUFFIX))) tags[e->key] = e->value;
  return tags;
}
}  // namespace

void make(const std::string& path, const Clip& clip) {
  av_log_set_level(AV_LOG_QUIET);
  ::setenv("SVT_LOG", "-2", 0);  // its only switch
  Maker(path, clip).run();
}

void make_changing_size(const std::string& path) {
  Clip clip;
  clip.sound = nullptr;
  clip.b_frames = 0;
  const std::string one = path + ".1.ts", two = path + ".2.ts";
  make(one, clip);
  clip.width = 128;
  make(two, clip);
  // Transport streams can be laid end to end.
  std::map<int, int> counters;
  FILE* to = ok(std::fopen(path.c_str(), "wb"), path);
  for (const std::string& part : {one, two}) {
    FILE* from = ok(std::fopen(part.c_str(), "rb"), part);
    unsigned char bytes[188];
    while (std::fread(bytes, sizeof bytes, 1, from) == 1) {
      const int pid = (bytes[1] & 0x1F) << 8 | bytes[2];
      // The counter goes on over the joint, so that only the size changes.
      if (bytes[3] & 0x10)
        bytes[3] = static_cast<unsigned char>((bytes[3] & 0xF0) | (counters[pid]++ & 15));
      std::fwrite(bytes, sizeof bytes, 1, to);
    }
    std::fclose(from);
    std::filesystem::remove(part);
  }
  std::fclose(to);
}

const StreamRead& FileRead::first(const std::string& kind) const {
  for (const StreamRead& s : streams)
    if (s.kind == kind) return s;
  throw std::runtime_error("no " + kind + " stream");
}

int FileRead::count(const std::string& kind) const {
  return static_cast<int>(std::count_if(streams.begin(), streams.end(),
                                        [&](const StreamRead& s) { return s.kind == kind; }));
}

FileRead read(const std::string& path) {
  AVFormatContext* opened = nullptr;
  ok(avformat_open_input(&opened, path.c_str(), nullptr, nullptr), "reading " + path);
  const Held<AVFormatContext> in(opened);
  ok(avformat_find_stream_info(opened, nullptr), "streams of " + path);
  FileRead file;
  file.tags = tags_of(opened->metadata);
  for (unsigned i = 0; i < opened->nb_chapters; ++i) {
    const AVChapter& c = *opened->chapters[i];
    file.chapters.push_back({static_cast<double>(c.start) * av_q2d(c.time_base),
                             static_cast<double>(c.end) * av_q2d(c.time_base),
                             tags_of(c.metadata)["title"]});
  }
  for (unsigned i = 0; i < opened->nb_streams; ++i) {
    const AVStream& s = *opened->streams[i];
    StreamRead r;
    const char* kind = av_get_media_type_string(s.codecpar->codec_type);
    r.kind = kind ? kind : "unknown";
    r.codec = avcodec_get_name(s.codecpar->codec_id);
    r.tick = s.time_base;
    r.parameters = *s.codecpar;
    r.parameters.extradata = nullptr;
    if (s.codecpar->extradata)
      r.extradata.assign(reinterpret_cast<const char*>(s.codecpar->extradata),
                         static_cast<std::size_t>(s.codecpar->extradata_size));
    r.sample_aspect = s.sample_aspect_ratio;
    r.disposition = s.disposition;
    r.tags = tags_of(s.metadata);
    for (int k = 0; k < s.nb_side_data; ++k)
      r.side_data[s.side_data[k].type].assign(reinterpret_cast<const char*>(s.side_data[k].data),
                                              s.side_data[k].size);
    file.streams.push_back(std::move(r));
  }
  const Held<AVPacket> p(ok(av_packet_alloc(), "packet"));
  while (av_read_frame(opened, p.get()) >= 0) {
    StreamRead& s = file.streams[static_cast<std::size_t>(p->stream_index)];
    const auto seconds = [&](std::int64_t t) {
      return t == AV_NOPTS_VALUE ? NAN : static_cast<double>(t) * av_q2d(s.tick);
    };
    s.packets.push_back(
        {seconds(p->pts), seconds(p->dts), seconds(p->duration),
         std::string(reinterpret_cast<const char*>(p->data), static_cast<std::size_t>(p->size)),
         (p->flags & AV_PKT_FLAG_KEY) != 0});
    av_packet_unref(p.get());
  }
  return file;
}

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "media-test-XXXXXX").string();
  path_ = ok(::mkdtemp(name.data()), "temporary folder");
}
Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}
std::vector<std::string> Folder::names() const {
  std::vector<std::string> all;
  for (const auto& e : std::filesystem::directory_iterator(path_))
    all.push_back(e.path().filename().string());
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace clips
