#include <cleanplate/video_decoder.h>

#include <algorithm>

#include "core/budget.h"
#include "core/try.h"
#include "frame/card_format.h"
#include "media/card_reason.h"
#include "media/decoder_state.h"
#include "media/formats.h"
#include "media/picture.h"
#include "media/truncation.h"

namespace cleanplate {

using namespace media;

namespace {
/// Frame threads keep a picture each; more than four pay little beside an encoder.
constexpr int most_decoder_threads = 4;
}  // namespace

std::string VideoDecoder::State::where() const {
  const double seconds =
      last_pts ? static_cast<double>(*last_pts - first_pts) * info.time_base.value() : 0;
  char text[64];
  std::snprintf(text, sizeof text, "frame %lld (near %.2f s)", static_cast<long long>(index),
                seconds);
  return text;
}

void VideoDecoder::State::warn_once(bool& warned, const std::string& sentence) {
  if (!std::exchange(warned, true)) source.warnings.push_back(sentence);
}

Result<void> VideoDecoder::State::open_codec(BufferPtr on) {
  const Budget budget = share_budget(options, 0);
  const int threads = alone ? budget.threads : budget.decoder_threads;
  codec.reset(must(avcodec_alloc_context3(source.decoder)));
  AVCodecContext& c = *codec;
  if (const int r = avcodec_parameters_to_context(&c, source.video->codecpar); r < 0)
    return av_error(Code::decoder, "decode", "The video's parameters cannot be used", r);
  c.pkt_timebase = source.video->time_base;
  c.thread_count = on ? 1 : std::clamp(threads, 1, most_decoder_threads);
  c.flags |= AV_CODEC_FLAG_UNALIGNED;  // crop to the sample, whatever the pointers' alignment
  c.err_recognition |= AV_EF_CRCCHECK;
  if (on)
    decode_on(c, *on);
  else
    pictures.serve(c);
  const AvReason reason;
  if (const int r = avcodec_open2(&c, source.decoder, nullptr); r < 0)
    return Error{Code::decoder, "decode",
                 std::string("The decoder ") + source.decoder->name +
                     " does not open: " + reason.text(r) + ".",
                 -1, r};
  card = std::move(on);
  return {};
}

Result<void> VideoDecoder::State::bad(const std::string& what, int native) {
  if (card) return failed_on_card(what);
  if (native == AVERROR(ENOMEM)) return av_error(Code::out_of_memory, "decode", "Decoding", native);
  if (native == AVERROR_PATCHWELCOME)
    return Error{Code::unsupported, "decode",
                 "The video uses a feature that this FFmpeg's " +
                     std::string(source.decoder->name) + " decoder does not have.",
                 index, native};
  // Where a recording starts, or a seek lands, between key frames there are packets that nothing
  // can decode yet.
  if (!last_pts && !info.frames && arbitrary_start(*source.format)) return {};
  if (options.tolerant) {
    ++lost;
    return {};
  }
  return Error{Code::damaged, "decode",
               "The video is damaged at " + where() + ": " + what +
                   "; set tolerant to use what can be read.",
               index, native};
}

Result<void> VideoDecoder::State::end_of_packets() {
  draining = true;
  avcodec_send_packet(codec.get(), nullptr);
  if (sought) return {};
  // The index of a file tells how many pictures were to come; edit lists are counted in.
  const std::int64_t told = avformat_index_get_entries_count(source.video);
  if (!is_mov(*source.format) || told <= video_packets) return {};
  const std::int64_t missing = told - video_packets;
  if (options.tolerant) {
    lost += missing;
    return {};
  }
  return Error{Code::damaged, "decode",
               "The file is truncated: its index names " + std::to_string(told) +
                   " pictures, the last " + std::to_string(missing) +
                   " are not there; set tolerant to use what can be read.",
               index};
}

Result<void> VideoDecoder::State::at_file_end(int native) {
  if (native != AVERROR_EOF) {
    if (native == AVERROR(ENOMEM))
      return av_error(Code::out_of_memory, "decode", "Reading", native);
    if (!options.tolerant)
      return Error{Code::damaged, "decode",
                   "Reading stopped at " + where() + ": " + av_words(native) +
                       "; set tolerant to use what was read.",
                   index, native};
    source.warnings.push_back("Reading stopped at " + where() + ": " + av_words(native) + ".");
  }
  return end_of_packets();
}

Result<void> VideoDecoder::State::feed() {
  PacketPtr packet = new_packet();
  if (const int r = av_read_frame(source.format.get(), packet.get()); r < 0) return at_file_end(r);
  if (av_packet_get_side_data(packet.get(), AV_PKT_DATA_ENCRYPTION_INFO, nullptr))
    return Error{Code::encrypted, "decode",
                 "Stream " + std::to_string(packet->stream_index) +
                     " is encrypted; give an unprotected file.",
                 index};
  const bool corrupt = packet->flags & AV_PKT_FLAG_CORRUPT;
  if (packet->stream_index != source.video->index) {
    const AVStream& s = *source.format->streams[packet->stream_index];
    if (corrupt)
      warn_once(warned_packet, "A packet of stream " + std::to_string(s.index) + " (" + kind_of(s) +
                                   ") is damaged in the source; copied as it is.");
    if (keep_packets && !is_cover(s) && packets_met++ >= packets_given) {
      packet->time_base = s.time_base;
      packets.push_back(Packet(std::shared_ptr<AVPacket>(std::move(packet))));
    }
    return {};
  }
  ++video_packets;
  if (packet->flags & AV_PKT_FLAG_DISCARD) ++hidden_packets;
  if (corrupt) CP_CHECK(bad("the container marks a packet as broken", AVERROR_INVALIDDATA));
  const int r = avcodec_send_packet(codec.get(), packet.get());
  if (r < 0 && r != AVERROR_EOF) return bad(av_words(r), r);
  sent = true;
  return {};
}

std::int64_t VideoDecoder::State::duration_of(const AVFrame& picture) const {
  const AVStream& v = *source.video;
  const std::int64_t told = std::max<std::int64_t>(0, frame_duration(picture));
  if (!is_mov(*source.format) || !codec->has_b_frames || !rate_varies(v)) return told;
  // With reordered pictures libavformat gives the average for each; only the end is on record.
  const bool last = draining && !sought && index + 1 == video_packets - hidden_packets;
  if (!last || v.duration <= 0 || v.start_time == AV_NOPTS_VALUE) return 0;
  return std::max<std::int64_t>(0, v.start_time + v.duration - picture.pts);
}

void VideoDecoder::State::set_times(AVFrame& picture) {
  const AVRational tick = source.video->time_base;
  const AVRational rate{static_cast<int>(info.frame_rate.num),
                        static_cast<int>(info.frame_rate.den)};
  const std::int64_t usual = rate.num > 0 ? av_rescale_q(1, av_inv_q(rate), tick) : 0;
  const std::int64_t step = last_duration > 0 ? last_duration : std::max<std::int64_t>(1, usual);
  std::int64_t pts = picture.best_effort_timestamp;
  if (pts == AV_NOPTS_VALUE) pts = last_pts ? *last_pts + step : 0;
  if (last_pts && pts <= *last_pts) {
    warn_once(warned_order, "Time stamps do not rise at " + where() +
                                "; such frames are placed one tick after the one before.");
    pts = *last_pts + 1;
  }
  picture.pts = pts;
  set_frame_duration(picture, duration_of(picture));
  if (!last_pts && !sought) first_pts = pts;
  last_pts = pts;
  last_duration = frame_duration(picture);
}

Result<Flow> VideoDecoder::State::accept(AVFrame& picture, const Frame& there, Frame& frame) {
  if (picture.decode_error_flags || (picture.flags & AV_FRAME_FLAG_CORRUPT)) {
    if (card) return failed_on_card("it found parts of " + where() + " missing");
    if (!options.tolerant)
      return Error{Code::damaged, "decode",
                   "The video is damaged at " + where() +
                       ": parts of the picture are missing; set tolerant to use it as it is.",
                   index};
    warn_once(warned_concealed, "Parts of " + where() + " are missing and were made up.");
  }
  set_times(picture);
  Frame made = there;
  if (made) {
    media::describe(made, picture, *source.video->codecpar);
  } else {
    const auto format = card ? surface : from_av(static_cast<AVPixelFormat>(picture.format));
    CP_TRY(made, to_frame(picture, format, *source.video->codecpar));
  }
  if (card && !there) {  // as software gives it
    CP_TRY(made, in_format(made, planar_format(surface)));
  }
  const Size size = made.size();
  const PixelFormat format = host_format(made);
  if (first && (size != info.size || format != info.format))
    return Error{Code::unsupported, "decode",
                 "The video changes at frame " + std::to_string(index) + " from " +
                     std::to_string(info.size.width) + "x" + std::to_string(info.size.height) +
                     " " + words_for(info.format) + " to " + std::to_string(size.width) + "x" +
                     std::to_string(size.height) + " " + words_for(format) +
                     "; cut it there and do the parts one by one.",
                 index};
  ++index;
  frame = std::move(made);
  return Flow::ok;
}

Result<Flow> VideoDecoder::State::decode(Frame& frame) {
  for (;;) {
    const AvReason reason;
    auto flow = decode_here(frame);
    if (card_failed) {
      CP_CHECK(
          to_software(with_remedy(reason.whole_or(*std::exchange(card_failed, std::nullopt)))));
      continue;
    }
    if (!flow || *flow != Flow::ok || !given_until || frame.pts > *given_until) return flow;
  }
}

Result<Flow> VideoDecoder::State::decode_here(Frame& frame) {
  FramePtr picture = new_frame();
  while (!ended) {
    const int r = avcodec_receive_frame(codec.get(), picture.get());
    if (r == 0) {
      Frame there;
      if (card) {
        if (!is_on_card(*picture))
          return failed_on_card("it does not decode " + codec_name(*source.video->codecpar) +
                                " of " + name_of(static_cast<AVPixelFormat>(picture->format)));
        if (auto taken = take_from_card(picture, there); !taken)
          return failed_on_card(taken.error().message);
      }
      CP_TRY(const Flow flow, accept(*picture, there, frame));
      if (!first) {
        first = new_frame();
        av_frame_copy_props(first.get(), picture.get());
      }
      return flow;
    }
    if (r == AVERROR_EOF && alone_each && !draining) {
      avcodec_flush_buffers(codec.get());
      sent = false;
    } else if (r == AVERROR_EOF) {
      ended = true;
    } else if (r == AVERROR(EAGAIN) && alone_each && sent) {
      avcodec_send_packet(codec.get(), nullptr);
    } else if (r == AVERROR(EAGAIN)) {
      CP_CHECK(feed());
    } else {
      CP_CHECK(bad(av_words(r), r));
    }
  }
  return Flow::end;
}

Result<void> VideoDecoder::State::read_first() {
  Frame frame;
  CP_TRY(const Flow flow, decode(frame));
  if (flow == Flow::ok) {
    info.format = host_format(frame);
    info.size = frame.size();
    info.colour = frame.colour;
    info.interlaced = info.interlaced || frame.interlaced;
    ahead = std::move(frame);
    return {};
  }
  if (scrambled(source.path)) return scrambled_error(source.path);
  const AVCodecParameters& p = *source.video->codecpar;
  if (p.width <= 0 || p.height <= 0)
    return Error{Code::damaged, "decode",
                 "The video stream of '" + source.path + "' has no picture size (0x0)."};
  return Error{
      Code::damaged, "decode",
      "No picture of '" + source.path + "' can be decoded; the video is damaged or empty."};
}

Result<VideoDecoder> VideoDecoder::open(const std::string& path, const Options& options, bool alone,
                                        const Device& device) {
  return guarded("decode", [&]() -> Result<VideoDecoder> {
    auto state = std::make_unique<State>();
    state->options = options;
    state->alone = alone;
    state->device = device;
    CP_TRY(state->source, open_source(path, options));
    CP_CHECK(state->open_codec());
    state->describe();
    CP_CHECK(state->read_first());
    return VideoDecoder(std::move(state));
  });
}

VideoDecoder::VideoDecoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
VideoDecoder::VideoDecoder(VideoDecoder&&) noexcept = default;
VideoDecoder& VideoDecoder::operator=(VideoDecoder&&) noexcept = default;
VideoDecoder::~VideoDecoder() = default;

const VideoInfo& VideoDecoder::info() const { return state_->info; }
const std::vector<StreamInfo>& VideoDecoder::streams() const { return state_->streams; }
std::string VideoDecoder::device() const {
  return state_->card ? card_name(state_->options) : "cpu";
}
const std::vector<Degradation>& VideoDecoder::degradations() const { return state_->degradations; }
std::int64_t VideoDecoder::lost_frames() const { return state_->lost; }
const std::vector<std::string>& VideoDecoder::warnings() const { return state_->source.warnings; }

Result<Flow> VideoDecoder::pull(Frame& frame) {
  return guarded("decode", [&]() -> Result<Flow> {
    if (state_->ahead) {
      frame = *std::exchange(state_->ahead, std::nullopt);
      return Flow::ok;
    }
    return state_->decode(frame);
  });
}

Result<void> VideoDecoder::bring_down() {
  return guarded("decode", [&] { return state_->bring_down(); });
}

std::vector<Packet> VideoDecoder::take_packets() { return std::exchange(state_->packets, {}); }

void VideoDecoder::keep_packets(bool keep) {
  state_->keep_packets = keep;
  if (!keep) state_->packets.clear();
  state_->set_discard();
}

void VideoDecoder::State::set_discard() {
  for (unsigned i = 0; i < source.format->nb_streams; ++i) {
    AVStream* s = source.format->streams[i];
    if (s != source.video) s->discard = keep_packets ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
  }
}

Result<void> VideoDecoder::State::go_to(std::int64_t pts) {
  AVFormatContext* f = source.format.get();
  const int stream = source.video->index;
  const AvReason reason;
  int r = pts == INT64_MIN ? av_seek_frame(f, -1, 0, AVSEEK_FLAG_BYTE)
                           : av_seek_frame(f, stream, pts, AVSEEK_FLAG_BACKWARD);
  // A time before the first key frame that the index knows: the start will do.
  if (r < 0 && pts != INT64_MIN) r = av_seek_frame(f, stream, pts, 0);
  if (r < 0)
    return Error{Code::unsupported, "decode",
                 "The file '" + source.path + "' cannot be sought in: " + reason.text(r) + ".", -1,
                 r};
  avcodec_flush_buffers(codec.get());
  sought_to = pts;
  index_there = index;
  packets_met = packets_given = 0;
  given_until.reset();
  ahead.reset();
  last_pts.reset();
  packets.clear();
  sought = true;
  draining = ended = sent = false;
  return {};
}

Result<void> VideoDecoder::seek(double seconds) {
  return guarded("decode", [&]() -> Result<void> {
    State& s = *state_;
    const double tick = std::max(1e-12, s.info.time_base.value());
    const std::int64_t to = s.first_pts + static_cast<std::int64_t>(seconds / tick + 0.5);
    CP_CHECK(s.go_to(to));
    if (!arbitrary_start(*s.source.format)) return {};
    // Without an index the place is found by time stamps, between key frames: step back until the
    // first picture is early enough.
    for (double back = 1;; back *= 2) {
      Frame frame;
      const auto flow = s.decode(frame);
      if (flow && *flow == Flow::ok && frame.pts <= to) {
        s.ahead = std::move(frame);
        return {};
      }
      const std::int64_t earlier = to - static_cast<std::int64_t>(back / tick);
      if (earlier <= s.first_pts) return s.go_to(INT64_MIN);
      CP_CHECK(s.go_to(earlier));
    }
  });
}

std::vector<double> VideoDecoder::key_frames() const {
  const State& s = *state_;
  AVStream* const video = s.source.video;
  if (arbitrary_start(*s.source.format)) return {};  // what it has is what was met by chance
  // An index may be by decoding times, which are earlier by as much throughout, and in whole ticks.
  const double within = s.info.frame_rate.num > 0 ? .5 / s.info.frame_rate.value() : 0;
  std::vector<double> out;
  for (int k = 0; k < avformat_index_get_entries_count(video); ++k) {
    const AVIndexEntry* const entry = avformat_index_get_entry(video, k);
    if (!(entry->flags & AVINDEX_KEYFRAME)) continue;
    const std::int64_t first = avformat_index_get_entry(video, 0)->timestamp;
    const double at =
        static_cast<double>(entry->timestamp - first) * s.info.time_base.value() + within;
    if (out.empty() || at > out.back()) out.push_back(at);
  }
  return out;
}

void VideoDecoder::key_frames_only(bool only) {
  State& s = *state_;
  s.sought = true;
  s.alone_each = only;
  s.codec->skip_frame = only ? AVDISCARD_NONKEY : AVDISCARD_DEFAULT;
  s.source.video->discard = only ? AVDISCARD_NONKEY : AVDISCARD_DEFAULT;
}

void VideoDecoder::reference_frames_only(bool only) {
  State& s = *state_;
  s.sought = true;
  s.codec->skip_frame = only ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
}

}  // namespace cleanplate
