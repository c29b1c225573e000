#include "clip_writer.h"

#include <algorithm>
#include <cmath>
#include <numbers>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
}

namespace demo {

ClipWriter::ClipWriter(std::string path, const AVFrame& like, const WriterSettings& settings)
    : path_(std::move(path)) {
  checked(avformat_alloc_output_context2(&format_, nullptr, nullptr, path_.c_str()),
          "Choosing a container for " + path_);
  const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
  if (!codec) throw std::runtime_error("This FFmpeg has no libx264; install one that has it.");
  video_.reset(avcodec_alloc_context3(codec));
  AVCodecContext& v = *video_;
  v.width = like.width;
  v.height = like.height;
  v.pix_fmt = static_cast<AVPixelFormat>(like.format);
  v.time_base = settings.time_base;
  v.framerate = settings.frame_rate;
  v.sample_aspect_ratio = like.sample_aspect_ratio;
  v.color_range = like.color_range;
  v.colorspace = like.colorspace;
  v.color_primaries = like.color_primaries;
  v.color_trc = like.color_trc;
  v.chroma_sample_location = like.chroma_location;
  v.thread_count = settings.threads;
  if (format_->oformat->flags & AVFMT_GLOBALHEADER) v.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_opt_set(v.priv_data, "preset", settings.preset.c_str(), 0);
  if (settings.lossless)
    av_opt_set(v.priv_data, "qp", "0", 0);
  else
    av_opt_set(v.priv_data, "crf", std::to_string(settings.crf).c_str(), 0);
  checked(avcodec_open2(&v, codec, nullptr), "Opening libx264 for " + path_);
  video_stream_ = avformat_new_stream(format_, nullptr);
  checked(avcodec_parameters_from_context(video_stream_->codecpar, &v), "Describing the video");
  video_stream_->time_base = v.time_base;
  video_stream_->avg_frame_rate = v.framerate;
  video_stream_->sample_aspect_ratio = v.sample_aspect_ratio;
}

ClipWriter::~ClipWriter() {
  if (!format_) return;
  if (format_->pb) avio_closep(&format_->pb);
  avformat_free_context(format_);
}

int ClipWriter::copy_stream(const AVStream& source) {
  AVStream* stream = avformat_new_stream(format_, nullptr);
  checked(avcodec_parameters_copy(stream->codecpar, source.codecpar), "Describing a stream");
  stream->codecpar->codec_tag = 0;
  stream->time_base = source.time_base;
  return stream->index;
}

void ClipWriter::add_sweep(double seconds) {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
  if (!codec) throw std::runtime_error("This FFmpeg has no AAC encoder; install one that has it.");
  sound_.reset(avcodec_alloc_context3(codec));
  sound_->sample_rate = 48000;
  sound_->sample_fmt = AV_SAMPLE_FMT_FLTP;
  av_channel_layout_default(&sound_->ch_layout, 2);
  sound_->bit_rate = 128000;
  sound_->time_base = {1, sound_->sample_rate};
  if (format_->oformat->flags & AVFMT_GLOBALHEADER) sound_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  checked(avcodec_open2(sound_.get(), codec, nullptr), "Opening the AAC encoder");
  sound_stream_ = avformat_new_stream(format_, nullptr);
  checked(avcodec_parameters_from_context(sound_stream_->codecpar, sound_.get()),
          "Describing the sound");
  sound_stream_->time_base = sound_->time_base;
  sweep_seconds_ = seconds;
}

void ClipWriter::begin() {
  begun_ = true;
  checked(avio_open(&format_->pb, path_.c_str(), AVIO_FLAG_WRITE), "Opening " + path_);
  checked(avformat_write_header(format_, nullptr), "Writing the header of " + path_);
  // The sound goes first: the muxer interleaves it, and the whole of it is small.
  if (sound_) encode_sweep();
}

void ClipWriter::encode_sweep() {
  const int rate = sound_->sample_rate, size = sound_->frame_size;
  const auto total = static_cast<std::int64_t>(sweep_seconds_ * rate);
  double phase = 0;
  for (std::int64_t at = 0; at < total; at += size) {
    FramePtr frame = new_frame();
    frame->nb_samples = static_cast<int>(std::min<std::int64_t>(size, total - at));
    frame->format = sound_->sample_fmt;
    frame->sample_rate = rate;
    av_channel_layout_copy(&frame->ch_layout, &sound_->ch_layout);
    checked(av_frame_get_buffer(frame.get(), 0), "Getting memory for sound");
    frame->pts = at;
    for (int i = 0; i < frame->nb_samples; ++i) {
      const double share = static_cast<double>(at + i) / static_cast<double>(total);
      phase += 2 * std::numbers::pi * (220 * std::exp2(2 * share)) / rate;
      for (int channel = 0; channel < 2; ++channel)
        reinterpret_cast<float*>(frame->data[channel])[i] =
            static_cast<float>(.2 * std::sin(phase));
    }
    checked(avcodec_send_frame(sound_.get(), frame.get()), "Encoding sound");
    drain(*sound_, *sound_stream_);
  }
  checked(avcodec_send_frame(sound_.get(), nullptr), "Encoding sound");
  drain(*sound_, *sound_stream_);
}

void ClipWriter::push(const AVFrame& frame) {
  if (!begun_) begin();
  FramePtr copy(av_frame_clone(&frame));
  copy->pict_type = AV_PICTURE_TYPE_NONE;  // the encoder chooses, not the source
  checked(avcodec_send_frame(video_.get(), copy.get()), "Encoding a frame for " + path_);
  drain(*video_, *video_stream_);
}

void ClipWriter::push_packet(const AVPacket& packet, int stream, AVRational time_base) {
  if (!begun_) begin();
  PacketPtr copy(av_packet_clone(&packet));
  copy->stream_index = stream;
  copy->pos = -1;
  av_packet_rescale_ts(copy.get(), time_base, format_->streams[stream]->time_base);
  checked(av_interleaved_write_frame(format_, copy.get()), "Writing to " + path_);
}

void ClipWriter::drain(AVCodecContext& codec, AVStream& stream) {
  PacketPtr packet = new_packet();
  for (;;) {
    const int got = avcodec_receive_packet(&codec, packet.get());
    if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) return;
    checked(got, "Encoding for " + path_);
    packet->stream_index = stream.index;
    av_packet_rescale_ts(packet.get(), codec.time_base, stream.time_base);
    checked(av_interleaved_write_frame(format_, packet.get()), "Writing to " + path_);
  }
}

void ClipWriter::finish() {
  if (!begun_) begin();
  checked(avcodec_send_frame(video_.get(), nullptr), "Encoding for " + path_);
  drain(*video_, *video_stream_);
  checked(av_write_trailer(format_), "Writing the end of " + path_);
  checked(avio_closep(&format_->pb), "Closing " + path_);
}

}  // namespace demo
