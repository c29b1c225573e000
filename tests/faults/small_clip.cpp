#include "small_clip.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
}

#include <cstring>
#include <memory>
#include <stdexcept>

#include "core/random.h"

namespace {

constexpr int rate = 25, sound_rate = 8000;

struct Free {
  void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
  void operator()(AVFrame* p) const { av_frame_free(&p); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
  void operator()(AVFormatContext* p) const {
    if (p->pb) avio_closep(&p->pb);
    avformat_free_context(p);
  }
};
template <class T>
using Held = std::unique_ptr<T, Free>;

void must(int code, const char* what) {
  if (code < 0) throw std::runtime_error(what);
}

/// Bands that move by two samples a frame, and a still grey box.
void draw(AVFrame& frame, int number, bool noise) {
  cleanplate::Random random(static_cast<std::uint64_t>(number));
  for (int y = 0; y < frame.height; ++y)
    for (int x = 0; x < frame.width; ++x) {
      const bool marked = x >= 16 && x < 64 && y >= 16 && y < 40;
      const int band = (x + 2 * number) / 8 * 37 + y / 8 * 53;
      frame.data[0][y * frame.linesize[0] + x] =
          static_cast<std::uint8_t>(marked  ? 170
                                    : noise ? 40 + random.below(160)
                                            : 40 + band % 160);
    }
  for (int c = 1; c < 3; ++c)
    for (int y = 0; y < (frame.height + 1) / 2; ++y)
      std::memset(frame.data[c] + y * frame.linesize[c], 128,
                  static_cast<std::size_t>(frame.width + 1) / 2);
}

Held<AVCodecContext> open_video(const ClipRecipe& recipe, const AVOutputFormat& container) {
  const AVCodec* codec = avcodec_find_encoder_by_name(recipe.video);
  if (!codec) throw std::runtime_error(std::string("no encoder ") + recipe.video);
  Held<AVCodecContext> context(avcodec_alloc_context3(codec));
  context->width = recipe.width;
  context->height = recipe.height;
  context->pix_fmt = AV_PIX_FMT_YUV420P;
  context->time_base = {1, rate};
  context->framerate = {rate, 1};
  context->gop_size = 25;
  context->thread_count = 1;
  if (container.flags & AVFMT_GLOBALHEADER) context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  if (std::strcmp(recipe.video, "libx264") == 0)
    av_opt_set(context->priv_data, "preset", "ultrafast", 0);
  must(avcodec_open2(context.get(), codec, nullptr), "open encoder");
  return context;
}

/// Codes a frame (null: the rest) and writes what comes.
void code(AVFormatContext& file, AVCodecContext& context, AVFrame* frame) {
  must(avcodec_send_frame(&context, frame), "send frame");
  const Held<AVPacket> packet(av_packet_alloc());
  while (avcodec_receive_packet(&context, packet.get()) >= 0) {
    packet->stream_index = 0;
    if (packet->duration == 0) packet->duration = 1;
    av_packet_rescale_ts(packet.get(), context.time_base, file.streams[0]->time_base);
    must(av_interleaved_write_frame(&file, packet.get()), "write frame");
  }
}

void write_second_of_sound(AVFormatContext& file, int second) {
  const Held<AVPacket> packet(av_packet_alloc());
  must(av_new_packet(packet.get(), sound_rate * 2), "packet");
  std::memset(packet->data, 0, static_cast<std::size_t>(packet->size));
  const AVStream& stream = *file.streams[file.nb_streams - 1];
  packet->stream_index = stream.index;
  packet->pts = packet->dts = av_rescale_q(second, {1, 1}, stream.time_base);
  packet->duration = av_rescale_q(1, {1, 1}, stream.time_base);
  packet->flags |= AV_PKT_FLAG_KEY;
  must(av_interleaved_write_frame(&file, packet.get()), "write sound");
}

void add_sound(AVFormatContext& file) {
  AVCodecParameters& p = *avformat_new_stream(&file, nullptr)->codecpar;
  p.codec_type = AVMEDIA_TYPE_AUDIO;
  p.codec_id = AV_CODEC_ID_PCM_S16LE;
  p.format = AV_SAMPLE_FMT_S16;
  p.sample_rate = sound_rate;
  p.bits_per_coded_sample = 16;
  p.block_align = 2;
  av_channel_layout_default(&p.ch_layout, 1);
}

}  // namespace

void make_clip(const std::string& path, const ClipRecipe& recipe) {
  av_log_set_level(AV_LOG_QUIET);
  AVFormatContext* raw = nullptr;
  must(avformat_alloc_output_context2(&raw, nullptr, nullptr, path.c_str()), "container");
  const Held<AVFormatContext> file(raw);
  Held<AVCodecContext> video;
  if (recipe.video) {
    video = open_video(recipe, *file->oformat);
    AVStream* stream = avformat_new_stream(file.get(), nullptr);
    stream->time_base = video->time_base;
    must(avcodec_parameters_from_context(stream->codecpar, video.get()), "parameters");
  }
  if (recipe.sound) add_sound(*file);
  AVDictionary* options = nullptr;
  for (const auto& [key, value] : recipe.muxer_options)
    av_dict_set(&options, key.c_str(), value.c_str(), 0);
  must(avio_open(&file->pb, path.c_str(), AVIO_FLAG_WRITE), "open file");
  const int begun = avformat_write_header(file.get(), &options);
  av_dict_free(&options);
  must(begun, "header");

  for (int i = 0; i < recipe.frames; ++i) {
    if (recipe.sound && i % rate == 0) write_second_of_sound(*file, i / rate);
    if (!video) continue;
    const Held<AVFrame> frame(av_frame_alloc());
    frame->width = recipe.width;
    frame->height = recipe.height;
    frame->format = AV_PIX_FMT_YUV420P;
    frame->pts = i;
    must(av_frame_get_buffer(frame.get(), 0), "frame");
    draw(*frame, i, recipe.noise);
    code(*file, *video, frame.get());
  }
  if (video) code(*file, *video, nullptr);
  must(av_write_trailer(file.get()), "trailer");
}
