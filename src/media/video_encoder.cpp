#include <cleanplate/video_encoder.h>

#include <algorithm>
#include <map>

#include "core/budget.h"
#include "core/log.h"
#include "core/try.h"
#include "media/captions.h"
#include "media/decoder_state.h"
#include "media/encoder_ladder.h"
#include "media/formats.h"
#include "media/mp4_tags.h"
#include "media/output_file.h"
#include "media/stream_copy.h"
#include "media/timeline.h"

namespace cleanplate {

using namespace media;

namespace {
struct FreeOutput {
  void operator()(AVFormatContext* p) const { avformat_free_context(p); }
};
/// A transport stream that starts later than this keeps its own times: decoding never starts
/// before zero then.
constexpr std::int64_t least_kept_start = AV_TIME_BASE;
}  // namespace

struct VideoEncoder::State {
  std::unique_ptr<OutputFile> file;  // outlives the muxer, which writes to it
  std::unique_ptr<AVFormatContext, FreeOutput> output;
  Container container{};
  OpenEncoder encoder;
  std::string name;
  CopyPlan plan;
  CopiedStream video;  ///< the encoder's packets: tick of the frames, offset
  Timeline timeline;
  std::vector<Degradation> degradations;
  PixelFormat format;
  Size size;
  bool write_captions = false;                                 ///< the encoder does not
  std::map<std::int64_t, std::shared_ptr<const void>> riders;  ///< side data by frame count
  Tags tags;                                                   ///< that the muxer cannot write
  std::int64_t frames = 0, last_pts = 0;
  bool failed = false, finished = false;

  Result<void> choose(const VideoDecoder::State& source, const Options& options);
  Result<void> start(const std::string& path, const VideoDecoder::State& source,
                     const Options& options);
  void set_video_stream(const VideoDecoder::State& source);
  Result<void> write_header(const VideoDecoder::State& source, std::int64_t kept_start);
  Result<void> send(const AVFrame* picture);
  Result<void> write(AVPacket& packet);
  Result<void> write_failed(int native);
  Error fail(Error e) {
    failed = true;
    return e;
  }
};

namespace {
/// The codec that the output gets: the input's, unless the container or the build cannot.
std::string codec_for(const Source& source, const Container& container, const Options& options,
                      std::vector<Degradation>& degradations) {
  if (options.encoder != "auto" && !options.encoder.empty())
    if (const AVCodec* named = avcodec_find_encoder_by_name(options.encoder.c_str()))
      return avcodec_get_name(named->id);
  const AVCodecID id = source.video->codecpar->codec_id;
  std::string own = avcodec_get_name(id);
  const bool held = container.holds(id);
  if (options.lossless) {
    for (const char* exact : {"h264", "hevc", "vp9", "ffv1"})
      if (own == exact && held) return own;
    return container.lossless_codec;
  }
  if (!held) return container.codec;
  if (!encoder_ladder(own).empty()) return own;
  degradations.push_back({"encode", own, container.codec, "this FFmpeg has no encoder for it", 0});
  return container.codec;
}
}  // namespace

Result<void> VideoEncoder::State::choose(const VideoDecoder::State& source,
                                         const Options& options) {
  const VideoInfo& info = source.info;
  const AVStream& v = *source.source.video;
  EncoderRequest r;
  r.format = format = info.format;
  r.size = size = info.size;
  r.frame_rate = {static_cast<int>(info.frame_rate.num), static_cast<int>(info.frame_rate.den)};
  r.sample_aspect = source.sample_aspect();
  r.colour = info.colour;
  r.interlaced = info.interlaced;
  const AVFieldOrder order = v.codecpar->field_order;
  r.top_field_first = is_interlaced(*source.first) ? is_top_field_first(*source.first)
                                                   : order == AV_FIELD_TT || order == AV_FIELD_TB;
  r.global_header = container.format->flags & AVFMT_GLOBALHEADER;
  r.quality = options.quality;
  r.lossless = options.lossless;
  const auto bytes = static_cast<std::int64_t>(size.width) * size.height * 2;
  r.threads = share_budget(options, bytes).encoder_threads;
  r.profile = v.codecpar->profile;
  r.own_options = options.encoder_options;
  r.hdr = hdr_of(v, *source.first);
  if (source.stays && source.kept && !r.interlaced && !r.lossless) {
    auto card = open_card_frames(options, *source.kept);
    if (card)
      r.card = std::make_shared<CardFrames>(*std::move(card));
    else
      degradations.push_back(
          {"encode", "the card's memory", "the host's memory", std::move(card).error().message, 0});
  }
  const std::string codec = codec_for(source.source, container, options, degradations);
  if (codec != avcodec_get_name(v.codecpar->codec_id)) r.profile = FF_PROFILE_UNKNOWN;
  const AVCodecDescriptor* described = avcodec_descriptor_get_by_name(codec.c_str());
  if (described && !container.holds(described->id))
    return Error{Code::unsupported, "encode",
                 std::string("A ") + container.format->name + " file cannot hold " + codec +
                     " video; choose another encoder or another kind of output file."};
  CP_TRY(Choice choice, choose_encoder(codec, options, r));
  encoder = std::move(choice.encoder);
  name = std::move(choice.name);
  degradations.insert(degradations.end(), choice.degradations.begin(), choice.degradations.end());
  return {};
}

void VideoEncoder::State::set_video_stream(const VideoDecoder::State& source) {
  AVStream& out = *plan.video;
  const AVStream& in = *source.source.video;
  if (avcodec_parameters_from_context(out.codecpar, encoder.context.get()) < 0)
    throw std::bad_alloc();
  AVCodecParameters& p = *out.codecpar;
  if (encoder.card) p.format = to_av(format);  // not "on a card"
  // hvc1 or hev1, avc1 or avc3: players care, so the source's choice stands.
  if (p.codec_id == in.codecpar->codec_id && container.is_mov() && container.format->codec_tag &&
      av_codec_get_id(container.format->codec_tag, in.codecpar->codec_tag) == p.codec_id)
    p.codec_tag = in.codecpar->codec_tag;
  if (source.info.interlaced && in.codecpar->field_order > AV_FIELD_PROGRESSIVE)
    p.field_order = in.codecpar->field_order;
  p.chroma_location = static_cast<AVChromaLocation>(source.info.colour.chroma_location);
  out.time_base = in.time_base;
  out.sample_aspect_ratio = encoder.context->sample_aspect_ratio;
  // Matroska turns the average into every frame's duration, which is wrong for a varying rate.
  if (!container.is_matroska() || !rate_varies(in)) out.avg_frame_rate = in.avg_frame_rate;
  out.r_frame_rate = in.r_frame_rate;
}

Result<void> VideoEncoder::State::write_header(const VideoDecoder::State& source,
                                               std::int64_t kept_start) {
  AVFormatContext& o = *output;
  Dictionary how;
  if (container.kind == ContainerKind::mov) how.set("movflags", "use_metadata_tags");
  // Edit lists, and so the streams' starts against each other, are in ticks of the movie: the usual
  // 1/1000 s would move the sound by up to half a millisecond.
  if (container.is_mov()) how.set("movie_timescale", "90000");
  if (container.kind == ContainerKind::mpegts) {
    o.max_delay = 700000;  // µs that decoding may run ahead of the clock, as usual in broadcasts
    if (kept_start) how.set("mpegts_copyts", "1");
    const AVFormatContext& in = *source.source.format;
    if (in.nb_programs == 1 && in.programs[0]->pmt_pid >= 0x20)
      how.set("mpegts_pmt_start_pid", std::to_string(in.programs[0]->pmt_pid));
  }
  const AvReason reason;
  const int r = avformat_write_header(&o, how.out());
  CP_CHECK(file->written());
  if (r < 0)
    return Error{Code::encoder, "encode",
                 std::string("The ") + container.format->name +
                     " header cannot be written: " + reason.text(r) + ".",
                 -1, r};
  const int covers = write_covers(source.source, plan, o);
  return covers < 0 ? write_failed(covers) : Result<void>{};
}

Result<void> VideoEncoder::State::start(const std::string& path, const VideoDecoder::State& source,
                                        const Options& options) {
  CP_TRY(container, container_of(path));
  CP_TRY(file, OutputFile::create(path, source.source.path));
  CP_CHECK(choose(source, options));
  AVFormatContext* made = nullptr;
  if (avformat_alloc_output_context2(&made, container.format, nullptr, path.c_str()) < 0)
    throw std::bad_alloc();
  output.reset(made);
  made->pb = file->io();
  made->flags |= AVFMT_FLAG_CUSTOM_IO;
  const AVFormatContext& in = *source.source.format;
  const bool arbitrary = arbitrary_start(in) && in.start_time != AV_NOPTS_VALUE;
  const bool keep =
      arbitrary && container.kind == ContainerKind::mpegts && in.start_time >= least_kept_start;
  std::int64_t off = arbitrary && !keep ? in.start_time : 0;
  if (container.is_matroska()) {
    // libavformat's own shift forgets that the muxer adds the codec's delay, and so moves the
    // sound against the picture.
    off += earliest(source.source, off);
    made->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
  }
  plan = copy_streams(source.source, *made, container, off);
  set_video_stream(source);
  std::vector<Degradation> lost = dress_video(source.source, *source.first, *plan.video, container);
  plan.dropped.insert(plan.dropped.end(), lost.begin(), lost.end());
  lost = lost_riders(*source.first, *encoder.context);
  plan.dropped.insert(plan.dropped.end(), lost.begin(), lost.end());
  write_captions = needs_captions_written(*encoder.context);
  if (options.strict && !plan.dropped.empty()) {
    const Degradation& d = plan.dropped.front();
    return Error{Code::degraded, "mux",
                 "Not all of the source would be kept: " + d.from + " (" + d.reason +
                     "), which strict forbids."};
  }
  degradations.insert(degradations.end(), plan.dropped.begin(), plan.dropped.end());
  if (options.tag_edited)
    av_dict_set(&made->metadata, "edited_with", "cleanplate " CLEANPLATE_VERSION, 0);
  if (container.kind == ContainerKind::mp4) tags = free_tags(made->metadata);
  video = plan.streams[static_cast<std::size_t>(source.source.video->index)];
  const AVRational rate = encoder.context->framerate;
  timeline = Timeline(av_rescale_q(1, av_inv_q(rate), video.tick));
  return write_header(source, keep ? in.start_time : 0);
}

Result<void> VideoEncoder::State::write_failed(int native) {
  failed = true;
  CP_CHECK(file->written());
  return av_error(Code::unwritable, "encode", "The output's packets cannot be written", native);
}

Result<void> VideoEncoder::State::write(AVPacket& packet) {
  const int r = av_interleaved_write_frame(output.get(), &packet);
  if (r < 0) return write_failed(r);
  if (auto written = file->written(); !written) return fail(written.error());
  return {};
}

Result<void> VideoEncoder::State::send(const AVFrame* picture) {
  AVCodecContext& c = *encoder.context;
  const AvReason reason;
  int r = avcodec_send_frame(&c, picture);
  const PacketPtr packet = new_packet();
  while (r >= 0) {
    r = avcodec_receive_packet(&c, packet.get());
    if (r == AVERROR(EAGAIN) || r == AVERROR_EOF) return {};
    if (r < 0) break;
    const std::int64_t count = packet->pts;
    const std::int64_t decoded = packet->dts == AV_NOPTS_VALUE ? count : packet->dts;
    packet->pts = timeline.time(count) - video.offset;
    packet->dts = std::min(timeline.time(decoded) - video.offset, packet->pts);
    packet->duration = timeline.duration(count);
    timeline.forget_before(decoded);
    if (const auto rider = riders.extract(count)) media::write_captions(*packet, rider.mapped());
    av_packet_rescale_ts(packet.get(), video.tick, plan.video->time_base);
    packet->stream_index = plan.video->index;
    CP_CHECK(write(*packet));
  }
  if (r == AVERROR(ENOMEM)) throw std::bad_alloc();
  return fail({Code::encoder, "encode",
               "The encoder " + name + " failed at frame " + std::to_string(frames) + ": " +
                   reason.text(r) + "; try another with the option encoder.",
               frames, r});
}

Result<VideoEncoder> VideoEncoder::open(const std::string& path, const VideoDecoder& source,
                                        const Options& options) {
  return guarded("encode", [&]() -> Result<VideoEncoder> {
    auto state = std::make_unique<State>();
    CP_CHECK(state->start(path, *source.state_, options));
    return VideoEncoder(std::move(state));
  });
}

VideoEncoder::VideoEncoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
VideoEncoder::VideoEncoder(VideoEncoder&&) noexcept = default;
VideoEncoder& VideoEncoder::operator=(VideoEncoder&&) noexcept = default;
VideoEncoder::~VideoEncoder() = default;

const std::string& VideoEncoder::encoder_name() const { return state_->name; }
bool VideoEncoder::takes_device_frames() const { return state_->encoder.card != nullptr; }
const std::vector<Degradation>& VideoEncoder::degradations() const { return state_->degradations; }

Result<Flow> VideoEncoder::push(const Frame& frame) {
  return guarded("encode", [&]() -> Result<Flow> {
    State& s = *state_;
    if (s.failed || s.finished)
      return Error{Code::invalid_argument, "encode",
                   "The encoder takes no more frames: it has failed or finished."};
    if (!frame || frame.size() != s.size || host_format(frame) != s.format)
      return Error{Code::invalid_argument, "encode",
                   "Frame " + std::to_string(s.frames) +
                       " is not of the source's size and format (" + std::to_string(s.size.width) +
                       "x" + std::to_string(s.size.height) + ", " + words_for(s.format) + ").",
                   s.frames};
    if (s.frames && frame.pts <= s.last_pts)
      return Error{Code::bad_order, "encode",
                   "Frame " + std::to_string(s.frames) + " has pts " + std::to_string(frame.pts) +
                       ", after " + std::to_string(s.last_pts) +
                       "; push frames in presentation order.",
                   s.frames};
    CP_TRY(FramePtr picture, s.encoder.picture_of(frame));
    picture->pts = s.timeline.push(frame.pts, frame.duration);
    if (s.write_captions && frame.side_data) s.riders.emplace(picture->pts, frame.side_data);
    picture->quality = s.encoder.context->global_quality;
    CP_CHECK(s.send(picture.get()));
    s.last_pts = frame.pts;
    ++s.frames;
    return Flow::ok;
  });
}

Result<Flow> VideoEncoder::push_packet(const Packet& packet) {
  return guarded("encode", [&]() -> Result<Flow> {
    State& s = *state_;
    const auto* in = static_cast<const AVPacket*>(packet.get());
    if (!in || s.failed || s.finished)
      return Error{Code::invalid_argument, "encode",
                   "The output takes no more packets: it has failed or finished."};
    const auto index = static_cast<std::size_t>(in->stream_index);
    // Streams that appeared after the file was opened have no place in the output.
    if (index >= s.plan.streams.size() || !is_copied(*in, s.plan.streams[index])) return Flow::ok;
    const PacketPtr copy(must(av_packet_clone(in)));
    retime(*copy, s.plan.streams[index]);
    CP_CHECK(s.write(*copy));
    return Flow::ok;
  });
}

Result<void> VideoEncoder::finish() {
  return guarded("encode", [&]() -> Result<void> {
    State& s = *state_;
    if (s.failed || s.finished)
      return Error{Code::invalid_argument, "encode",
                   "The output cannot be finished: it has failed or finished before."};
    CP_CHECK(s.send(nullptr));
    const int r = av_write_trailer(s.output.get());
    if (r < 0) return s.write_failed(r);
    CP_CHECK(s.file->flush());
    if (!s.tags.empty() && !append_tags(s.file->descriptor(), s.tags))
      log_line(LogLevel::warning, "encode: the tags beside the standard ones were not written");
    if (auto done = s.file->publish(); !done) return s.fail(done.error());
    s.finished = true;
    return {};
  });
}

}  // namespace cleanplate
