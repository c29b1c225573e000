#include "clip_reader.h"

#include <utility>

namespace quality {

using demo::checked;

ClipReader::ClipReader(const std::string& path, int threads) {
  checked(avformat_open_input(&format_, path.c_str(), nullptr, nullptr), "Opening " + path);
  checked(avformat_find_stream_info(format_, nullptr), "Reading " + path);
  const AVCodec* decoder = nullptr;
  video_ = checked(av_find_best_stream(format_, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0),
                   "Finding the video of " + path);
  sound_ = av_find_best_stream(format_, AVMEDIA_TYPE_AUDIO, -1, video_, nullptr, 0);
  codec_.reset(avcodec_alloc_context3(decoder));
  checked(avcodec_parameters_to_context(codec_.get(), video().codecpar), "Describing " + path);
  codec_->thread_count = threads;
  codec_->pkt_timebase = video().time_base;
  checked(avcodec_open2(codec_.get(), decoder, nullptr), "Opening the decoder of " + path);
}

ClipReader::~ClipReader() { avformat_close_input(&format_); }

bool ClipReader::next(AVFrame& frame) {
  for (;;) {
    const int got = avcodec_receive_frame(codec_.get(), &frame);
    if (got == 0) {
      frame.pts = frame.best_effort_timestamp;
      return true;
    }
    if (got == AVERROR_EOF) return false;
    if (got != AVERROR(EAGAIN)) checked(got, "Decoding");
    if (drained_) return false;
    if (av_read_frame(format_, packet_.get()) < 0) {
      drained_ = true;
      checked(avcodec_send_packet(codec_.get(), nullptr), "Ending the decoder");
      continue;
    }
    if (packet_->stream_index == video_)
      checked(avcodec_send_packet(codec_.get(), packet_.get()), "Decoding");
    else if (packet_->stream_index == sound_)
      met_.emplace_back(av_packet_clone(packet_.get()));
    av_packet_unref(packet_.get());
  }
}

std::vector<demo::PacketPtr> ClipReader::take_sound() { return std::exchange(met_, {}); }

}  // namespace quality
