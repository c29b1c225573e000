#include "media/encoder_settings.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <mutex>
#include <string_view>
#include <vector>

#include "core/try.h"
#include "media/formats.h"

namespace cleanplate::media {

namespace {
/// One encoder while it is being told.
struct Told {
  AVCodecContext& context;
  Dictionary& options;
  const EncoderRequest& request;
};

/// crf of the 0 … 63 scale (VP9, AV1) that looks like x264's 0 … 51.
int quality63(int q) { return std::min(63, static_cast<int>(std::lround(q * 63 / 51.0))); }
/// Quantiser scale of the older codecs: doubles every 6 steps, 2 at quality 18.
double quality_scale(int q) { return std::clamp(std::exp2((q - 12) / 6.0), 1.0, 31.0); }

void join(Dictionary& options, const std::string& key, const std::string& value) {
  const std::string had = options.get(key);
  options.set(key, had.empty() ? value : had + ":" + value);
}

void x264(Told t) {
  if (t.request.lossless)
    t.options.set("qp", "0");
  else
    t.options.set("crf", std::to_string(t.request.quality));
  const std::string mastering = mastering_text(t.request.hdr), light = light_text(t.request.hdr);
  // Left to find out at the first picture it configures itself anew, and is no longer without loss.
  if (t.request.interlaced)
    join(t.options, "x264-params", t.request.top_field_first ? "tff=1" : "bff=1");
  if (!mastering.empty()) join(t.options, "x264-params", "mastering-display=" + mastering);
  if (!light.empty()) join(t.options, "x264-params", "cll=" + light);
}

void x265(Told t) {
  // x265 writes to stderr by itself; its threads are its own affair too.
  join(t.options, "x265-params", "log-level=none");
  join(t.options, "x265-params", "pools=" + std::to_string(t.request.threads));
  if (t.request.lossless)
    join(t.options, "x265-params", "lossless=1");
  else  // x265's crf lies about 2 above x264's at the same PSNR and these rates
    t.options.set("crf", std::to_string(std::min(51, t.request.quality + 2)));
  const std::string mastering = mastering_text(t.request.hdr), light = light_text(t.request.hdr);
  if (!mastering.empty()) join(t.options, "x265-params", "master-display=" + mastering);
  if (!light.empty()) join(t.options, "x265-params", "max-cll=" + light);
  if (!mastering.empty() || !light.empty()) join(t.options, "x265-params", "hdr10=1");
}

void nvenc(Told t) {
  t.options.set("preset", "p5");
  t.options.set("tune", "hq");
  t.options.set("rc", "vbr");
  t.options.set("cq", std::to_string(std::min(51, t.request.quality + 1)));
  t.context.bit_rate = 0;
}

void vp9(Told t) {
  t.context.bit_rate = 0;
  t.options.set("deadline", "good");
  t.options.set("cpu-used", "2");
  t.options.set("row-mt", "1");
  if (t.request.lossless)
    t.options.set("lossless", "1");
  else
    t.options.set("crf", std::to_string(quality63(t.request.quality)));
}

void vp8(Told t) {
  // crf is a floor to a bit rate there; two bits a sample is above what any quality takes.
  t.context.bit_rate = static_cast<std::int64_t>(2.0 * t.context.width * t.context.height *
                                                 av_q2d(t.request.frame_rate));
  t.options.set("deadline", "good");
  t.options.set("cpu-used", "2");
  t.options.set("crf", std::to_string(std::max(4, quality63(t.request.quality))));
}

void svtav1(Told t) {
  // SVT-AV1 writes to stderr unless its environment says otherwise; it has no other switch.
  static std::once_flag once;
  std::call_once(once, [] { ::setenv("SVT_LOG", "-2", 0); });
  t.options.set("preset", "8");
  t.options.set("crf", std::to_string(quality63(t.request.quality)));
  t.options.set("svtav1-params", "lp=" + std::to_string(t.request.threads));
}

void aom(Told t) {
  t.context.bit_rate = 0;
  t.options.set("cpu-used", "6");
  t.options.set("row-mt", "1");
  if (t.request.lossless)
    t.options.set("aom-params", "lossless=1");
  else
    t.options.set("crf", std::to_string(quality63(t.request.quality)));
}

void rav1e(Told t) { t.options.set("qp", std::to_string(t.request.quality * 5)); }

void scaled(Told t) {
  t.context.flags |= AV_CODEC_FLAG_QSCALE;
  t.context.global_quality = static_cast<int>(FF_QP2LAMBDA * quality_scale(t.request.quality));
}

void ffv1(Told t) {
  t.options.set("level", "3");
  t.options.set("slicecrc", "1");
}

void as_profile(Told t) { t.context.profile = t.request.profile; }

void dnxhr(Told t) {
  const bool full = t.request.format.layout == Layout::yuv444;
  t.options.set("profile", full                        ? "dnxhr_444"
                           : t.request.format.bits > 8 ? "dnxhr_hqx"
                                                       : "dnxhr_hq");
}

void nothing(Told) {}

struct Row {
  std::string_view encoder;
  void (*tell)(Told);
  bool lossless, interlaced;
};
constexpr Row rows[] = {
    {"libx264", x264, true, true},
    {"libx265", x265, true, false},
    {"h264_nvenc", nvenc, false, false},
    {"hevc_nvenc", nvenc, false, false},
    {"av1_nvenc", nvenc, false, false},
    {"libvpx-vp9", vp9, true, false},
    {"libvpx", vp8, false, false},
    {"libsvtav1", svtav1, false, false},
    {"libaom-av1", aom, true, false},
    {"librav1e", rav1e, false, false},
    {"mpeg4", scaled, false, true},
    {"mpeg2video", scaled, false, true},
    {"mpeg1video", scaled, false, false},
    {"mjpeg", scaled, false, false},
    {"h263", scaled, false, false},
    {"h263p", scaled, false, false},
    {"flv", scaled, false, false},
    {"msmpeg4", scaled, false, false},
    {"msmpeg4v2", scaled, false, false},
    {"wmv1", scaled, false, false},
    {"wmv2", scaled, false, false},
    {"libxvid", scaled, false, false},
    {"libtheora", scaled, false, false},
    {"snow", scaled, false, false},
    {"ffv1", ffv1, true, true},
    {"ffvhuff", nothing, true, true},
    {"huffyuv", nothing, true, true},
    {"utvideo", nothing, true, true},
    {"rawvideo", nothing, true, true},
    {"v210", nothing, true, true},
    {"prores_ks", as_profile, false, true},
    {"prores", as_profile, false, true},
    {"dnxhd", dnxhr, false, true},
};
constexpr Row any_other{"", nothing, false, false};

const Row& row_of(std::string_view encoder) {
  for (const Row& r : rows)
    if (r.encoder == encoder) return r;
  return any_other;
}

/// Options that choose the rate; a user's own one puts ours aside.
constexpr std::string_view rate_keys[] = {"b", "crf",    "qp",  "cq", "rc", "global_quality",
                                          "q", "qscale", "qmax"};

Result<void> add_own(Told t) {
  if (t.request.own_options.empty()) return {};
  Dictionary own;
  if (av_dict_parse_string(own.out(), t.request.own_options.c_str(), "=", ":", 0) < 0)
    return Error{Code::invalid_option, "encode",
                 "encoder_options '" + t.request.own_options +
                     "' cannot be read; write key=value:key=value."};
  const bool own_rate = std::any_of(std::begin(rate_keys), std::end(rate_keys),
                                    [&](auto key) { return !own.get(std::string(key)).empty(); });
  if (own_rate) {
    for (const auto key : rate_keys)
      av_dict_set(t.options.out(), std::string(key).c_str(), nullptr, 0);
    t.context.flags &= ~AV_CODEC_FLAG_QSCALE;
    t.context.global_quality = 0;
  }
  const AVDictionaryEntry* e = nullptr;
  while ((e = av_dict_get(*own.out(), "", e, AV_DICT_IGNORE_SUFFIX))) {
    const std::string_view key = e->key;
    if (key == "x264-params" || key == "x265-params" || key == "svtav1-params")
      join(t.options, e->key, e->value);
    else
      t.options.set(e->key, e->value);
  }
  return {};
}
}  // namespace

AVRational usable_rate(const AVCodec& codec, AVRational rate) {
  if (rate.num <= 0 || rate.den <= 0) rate = {25, 1};
  const std::vector<AVRational> allowed = frame_rates_of(codec);
  if (!allowed.empty()) {
    const auto* nearest = &allowed.front();
    for (const AVRational& r : allowed)
      if (std::abs(av_q2d(r) - av_q2d(rate)) < std::abs(av_q2d(*nearest) - av_q2d(rate)))
        nearest = &r;
    return *nearest;
  }
  // MPEG-4 part 2 keeps its time base in 16 bits; no other codec needs more for an average.
  constexpr int most = 65535;
  int num = 0, den = 0;
  av_reduce(&num, &den, rate.num, rate.den, most);
  if (num <= 0) num = den = 1;
  return {num, den};
}

Result<void> settle(AVCodecContext& c, Dictionary& options, const EncoderRequest& r) {
  const std::string name = c.codec->name;
  const Row& row = row_of(name);
  if (r.lossless && !row.lossless)
    return Error{Code::unsupported, "encode", name + " cannot code without loss"};
  if (r.interlaced && !row.interlaced)
    return Error{Code::unsupported, "encode",
                 name + " cannot code interlaced pictures as they are"};
  c.width = r.size.width;
  c.height = r.size.height;
  c.framerate = usable_rate(*c.codec, r.frame_rate);
  c.time_base = av_inv_q(c.framerate);
  c.sample_aspect_ratio = r.sample_aspect;
  set_colour(c, r.colour);
  c.chroma_sample_location = static_cast<AVChromaLocation>(r.colour.chroma_location);
  c.thread_count = r.threads;
  c.field_order = AV_FIELD_PROGRESSIVE;
  if (r.interlaced) {
    c.flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
    c.field_order = r.top_field_first ? AV_FIELD_TT : AV_FIELD_BB;
  }
  if (r.global_header) c.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  // mjpeg and others take limited-range names for full range only when told that we mean it.
  c.strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL;
  const Told told{c, options, r};
  row.tell(told);
  return add_own(told);
}

}  // namespace cleanplate::media
