#include "media/encoder_ladder.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "cleanplate/video_encoder.h"
#include "core/log.h"
#include "core/try.h"
#include "frame/card_format.h"
#include "media/card_reason.h"
#include "media/formats.h"
#include "media/picture.h"

namespace cleanplate::media {

namespace {
bool is_nvenc(std::string_view name) { return name.ends_with("_nvenc"); }

/// Whether an NVIDIA driver is loaded; without one, NVENC is no rung that could have held.
bool has_nvidia_driver() {
  for (const char* sign : {"/proc/driver/nvidia/version", "/dev/nvidiactl", "/dev/dxg"})
    if (::access(sign, F_OK) == 0) return true;
  return false;
}

/// Cards' formats for software's, and software's for cards'; the same where there is no other.
PixelFormat other_way(PixelFormat format) {
  const PixelFormat planar = planar_format(format);
  return planar != format ? planar : card_format(format).value_or(format);
}

/// The encoder's name for these samples. @return false: it does not take them.
bool find_format(const AVCodec& codec, const EncoderRequest& r, OpenEncoder& to) {
  const std::vector<AVPixelFormat> taken = pixel_formats_of(codec);
  const auto takes = [&](AVPixelFormat f) {
    return f != AV_PIX_FMT_NONE &&
           (taken.empty() || std::find(taken.begin(), taken.end(), f) != taken.end());
  };
  PixelFormat format = r.format;
  to.relay = false;
  for (int attempt = 0; attempt < 2; ++attempt) {
    AVPixelFormat plain = to_av(format);
    if (plain == AV_PIX_FMT_NONE && is_nvenc(codec.name)) plain = nvenc_format(format);
    for (const AVPixelFormat name : {plain, full_range_name(plain)}) {
      if (!takes(name) || (name != plain && r.colour.range != AVCOL_RANGE_JPEG)) continue;
      to.named = name;
      return true;
    }
    format = other_way(format);
    to.relay = true;
  }
  return false;
}

/// A frame whose samples are all 0, which every encoder takes.
Result<Frame> black_frame(const EncoderRequest& r) {
  CP_TRY(Frame frame, Frame::allocate(r.format, r.size));
  for (int c = 0; c < r.format.components(); ++c) {
    const auto to = frame.writable(c);
    const auto bytes = static_cast<std::size_t>(to.width * r.format.bytes_per_sample() * to.step);
    // In interleaved chroma the second component's last column ends the row.
    const std::size_t row = c == 2 && to.step == 2
                                ? bytes - static_cast<std::size_t>(r.format.bytes_per_sample())
                                : bytes;
    for (int y = 0; y < to.height; ++y) std::memset(to.data + y * to.stride, 0, row);
  }
  frame.colour = r.colour;
  frame.interlaced = r.interlaced;
  frame.top_field_first = r.top_field_first;
  return frame;
}

Result<PacketPtr> code_one(OpenEncoder& e, const EncoderRequest& r) {
  CP_TRY(const Frame frame, black_frame(r));
  CP_TRY(FramePtr picture, e.picture_of(frame));
  picture->pts = 0;
  picture->quality = e.context->global_quality;
  const AvReason reason;
  int failed = avcodec_send_frame(e.context.get(), picture.get());
  if (failed >= 0) failed = avcodec_send_frame(e.context.get(), nullptr);
  PacketPtr packet = new_packet();
  if (failed >= 0) failed = avcodec_receive_packet(e.context.get(), packet.get());
  if (failed < 0)
    return Error{Code::encoder, "encode", "coding a first frame failed: " + reason.text(failed), -1,
                 failed};
  return packet;
}
}  // namespace

Result<FramePtr> OpenEncoder::picture_of(const Frame& frame) const {
  if (card && card->frames.have(frame)) return to_av_frame(frame, *card->context);
  CP_TRY(Frame host, frame.to_host());
  if (card) {
    CP_TRY(const Frame there, card->frames.copy(host));
    return to_av_frame(there, *card->context);
  }
  if (relay) {
    CP_TRY(host, in_format(host, other_way(host.format())));
  }
  return to_av_frame(host, named);
}

Result<OpenEncoder> open_rung(const std::string& name, const EncoderRequest& request) {
  route_av_log();
  const AVCodec* codec = avcodec_find_encoder_by_name(name.c_str());
  if (!codec || codec->type != AVMEDIA_TYPE_VIDEO)
    return Error{Code::encoder, "encode", "this FFmpeg was built without it"};
  OpenEncoder e;
  if (is_nvenc(name)) e.card = request.card;
  if (!e.card && !find_format(*codec, request, e))
    return Error{Code::encoder, "encode",
                 "it does not take " + words_for(request.format) + " video"};
  e.context.reset(must(avcodec_alloc_context3(codec)));
  e.context->pix_fmt = e.card ? AV_PIX_FMT_CUDA : e.named;
  if (e.card) e.context->hw_frames_ctx = must(av_buffer_ref(e.card->context.get()));
  Dictionary options;
  CP_CHECK(settle(*e.context, options, request));
  const AvReason reason;
  const int r = avcodec_open2(e.context.get(), codec, options.out());
  // NVENC says so where a card has no session left.
  if (r == AVERROR(ENOMEM) && !is_nvenc(name)) throw std::bad_alloc();
  if (r < 0)
    return Error{Code::encoder, "encode",
                 is_nvenc(name) ? with_remedy(reason.whole_or(av_words(r))) : reason.text(r), -1,
                 r};
  if (const std::string left = options.first_key(); !left.empty())
    return Error{Code::invalid_option, "encode",
                 "The encoder " + name + " has no option '" + left +
                     "'; see `ffmpeg -h encoder=" + name + "` for those it has."};
  return e;
}

Result<OpenEncoder> open_proven(const std::string& name, const EncoderRequest& request) {
  {
    CP_TRY(OpenEncoder trial, open_rung(name, request));
    CP_CHECK(code_one(trial, request));
  }
  return open_rung(name, request);
}

Result<PacketPtr> first_packet(const std::string& name, const EncoderRequest& request) {
  CP_TRY(OpenEncoder encoder, open_rung(name, request));
  return code_one(encoder, request);
}

namespace {
/// An encoder, and where its frames come from.
struct Rung {
  std::string encoder;
  std::shared_ptr<const CardFrames> card;
  [[nodiscard]] std::string words() const {
    return card ? encoder + " from the card's memory" : encoder;
  }
};

/// NVENC from the card's memory first, then from the host's.
std::vector<Rung> rungs_of(const std::vector<std::string>& encoders, const EncoderRequest& r) {
  std::vector<Rung> rungs;
  for (const std::string& encoder : encoders) {
    if (r.card && is_nvenc(encoder)) rungs.push_back({encoder, r.card});
    rungs.push_back({encoder, {}});
  }
  return rungs;
}
}  // namespace

Result<Choice> choose_encoder(const std::string& codec, const Options& options,
                              const EncoderRequest& request) {
  const bool named = !options.encoder.empty() && options.encoder != "auto";
  const bool want_gpu = options.device.starts_with("cuda");
  std::vector<std::string> encoders = encoder_ladder(codec);
  if (named) {
    std::erase(encoders, options.encoder);
    encoders.insert(encoders.begin(), options.encoder);
  }
  Choice choice;
  std::string reasons;
  for (const Rung& rung : rungs_of(encoders, request)) {
    const bool by_name = named && rung.encoder == options.encoder;
    if (is_nvenc(rung.encoder) && !by_name) {
      if (options.device == "cpu" || request.lossless) continue;
      if (!want_gpu && !has_nvidia_driver()) continue;
    }
    EncoderRequest asked = request;
    asked.card = rung.card;
    auto opened = open_proven(rung.encoder, asked);
    if (opened) {
      choice.encoder = *std::move(opened);
      choice.name = rung.encoder;
      for (Degradation& d : choice.degradations) d.to = rung.words();
      if (options.strict && !choice.degradations.empty())
        return Error{Code::degraded, "encode",
                     "The encoder " + choice.degradations.front().from + " cannot be used (" +
                         choice.degradations.front().reason + "), and strict forbids " +
                         rung.words() + " in its place."};
      return choice;
    }
    const Error& e = opened.error();
    // A wrong option would fail on every rung, or be dropped in silence.
    if (e.code == Code::invalid_option && (by_name || !is_nvenc(rung.encoder))) return e;
    if (e.code == Code::out_of_memory && !rung.card) return e;
    log_line(LogLevel::info, "encode: {} cannot be used: {}", rung.words(), e.message);
    choice.degradations.push_back({"encode", rung.words(), "", e.message, 0});
    reasons += (reasons.empty() ? "" : "; ") + rung.words() + ": " + e.message;
  }
  if (reasons.empty()) reasons = "there is none in this FFmpeg";
  return Error{Code::encoder, "encode",
               "No encoder for " + codec + " can be used here (" + reasons +
                   "); name another with the option encoder, or another kind of output file."};
}

}  // namespace cleanplate::media

namespace cleanplate {

namespace {
/// Best first; what is not listed follows in FFmpeg's order.
struct Preferred {
  std::string_view codec;
  std::vector<std::string> encoders;
};
const std::vector<Preferred>& preferred() {
  static const std::vector<Preferred> all{{"h264", {"h264_nvenc", "libx264"}},
                                          {"hevc", {"hevc_nvenc", "libx265"}},
                                          {"av1", {"av1_nvenc", "libsvtav1", "libaom-av1"}},
                                          {"prores", {"prores_ks"}}};
  return all;
}
}  // namespace

std::vector<std::string> encoder_ladder(const std::string& codec) {
  std::vector<std::string> names;
  for (const auto& p : preferred())
    if (p.codec == codec) names = p.encoders;
  std::erase_if(names, [](const auto& n) { return !avcodec_find_encoder_by_name(n.c_str()); });
  const AVCodecDescriptor* wanted = avcodec_descriptor_get_by_name(codec.c_str());
  void* at = nullptr;
  while (const AVCodec* c = wanted ? av_codec_iterate(&at) : nullptr) {
    if (!av_codec_is_encoder(c) || c->id != wanted->id) continue;
    const std::string_view name = c->name;
    const bool hardware = (c->capabilities & (AV_CODEC_CAP_HARDWARE | AV_CODEC_CAP_HYBRID)) ||
                          name.ends_with("_omx") || name.ends_with("_vaapi");
    if (hardware || (c->capabilities & AV_CODEC_CAP_EXPERIMENTAL) || name == "libx264rgb") continue;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
  }
  return names;
}

Result<void> probe_encoder(const std::string& name, PixelFormat format, Size size) {
  return guarded("encode", [&]() -> Result<void> {
    media::EncoderRequest request;
    request.format = format;
    request.size = size;
    auto opened = media::open_proven(name, request);
    if (opened) return {};
    Error e = std::move(opened).error();
    e.message = "The encoder " + name + " cannot be used: " + e.message + ".";
    return e;
  });
}

}  // namespace cleanplate
