#include "media/formats.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include "frame/card_format.h"

namespace cleanplate::media {

namespace {
struct Row {
  AVPixelFormat av;
  Layout layout;
  int bits;
};
constexpr Row rows[] = {
    {AV_PIX_FMT_YUV420P, Layout::yuv420, 8},    {AV_PIX_FMT_YUV422P, Layout::yuv422, 8},
    {AV_PIX_FMT_YUV444P, Layout::yuv444, 8},    {AV_PIX_FMT_YUV420P9, Layout::yuv420, 9},
    {AV_PIX_FMT_YUV422P9, Layout::yuv422, 9},   {AV_PIX_FMT_YUV444P9, Layout::yuv444, 9},
    {AV_PIX_FMT_YUV420P10, Layout::yuv420, 10}, {AV_PIX_FMT_YUV422P10, Layout::yuv422, 10},
    {AV_PIX_FMT_YUV444P10, Layout::yuv444, 10}, {AV_PIX_FMT_YUV420P12, Layout::yuv420, 12},
    {AV_PIX_FMT_YUV422P12, Layout::yuv422, 12}, {AV_PIX_FMT_YUV444P12, Layout::yuv444, 12},
    {AV_PIX_FMT_NV12, Layout::nv12, 8},         {AV_PIX_FMT_P010, Layout::nv12, 10},
    {AV_PIX_FMT_GRAY8, Layout::grey, 8},        {AV_PIX_FMT_GRAY9, Layout::grey, 9},
    {AV_PIX_FMT_GRAY10, Layout::grey, 10},      {AV_PIX_FMT_GRAY12, Layout::grey, 12},
};
/// With the most bits that their words hold.
constexpr Row surfaces[] = {
    {AV_PIX_FMT_NV12, Layout::nv12, 8},
    {AV_PIX_FMT_P010, Layout::nv12, 10},
    {AV_PIX_FMT_P016, Layout::nv12, 16},
    {AV_PIX_FMT_YUV444P, Layout::yuv444, 8},
    {AV_PIX_FMT_YUV444P16, Layout::yuv444_msb, 16},
#if CP_AV_YUV444_MSB
    {AV_PIX_FMT_YUV444P10MSB, Layout::yuv444_msb, 10},
    {AV_PIX_FMT_YUV444P12MSB, Layout::yuv444_msb, 12},
#endif
};
struct FullRange {
  AVPixelFormat plain, full;
};
constexpr FullRange full_range[] = {{AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P},
                                    {AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUVJ422P},
                                    {AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUVJ444P}};
}  // namespace

std::optional<PixelFormat> from_av(AVPixelFormat format) {
  for (const FullRange& f : full_range)
    if (f.full == format) format = f.plain;
  for (const Row& r : rows)
    if (r.av == format) return PixelFormat{r.layout, r.bits};
  return std::nullopt;
}

AVPixelFormat to_av(PixelFormat format) {
  for (const Row& r : rows)
    if (r.layout == format.layout && r.bits == format.bits) return r.av;
  return AV_PIX_FMT_NONE;
}

AVPixelFormat nvenc_format(PixelFormat format) {
  if (format == PixelFormat{Layout::yuv444_msb, 10}) return AV_PIX_FMT_YUV444P16;
  return card_format(format) == format ? to_av(format) : AV_PIX_FMT_NONE;
}

std::optional<PixelFormat> surface_format(AVPixelFormat surface, AVPixelFormat coded) {
  const auto software = from_av(coded);
  const auto card = software ? card_format(*software) : std::nullopt;
  if (!card) return std::nullopt;
  for (const Row& r : surfaces)
    if (r.av == surface && r.layout == card->layout && r.bits >= card->bits &&
        (r.bits > 8) == (card->bits > 8))
      return card;
  return std::nullopt;
}

AVPixelFormat full_range_name(AVPixelFormat format) {
  for (const FullRange& f : full_range)
    if (f.plain == format) return f.full;
  return format;
}

std::string name_of(AVPixelFormat format) {
  const char* name = av_get_pix_fmt_name(format);
  return name ? name : "unknown";
}

std::string words_for(PixelFormat format) {
  static const char* const layouts[] = {"grey", "4:2:0", "4:2:2", "4:4:4", "4:2:0 (NV12)", "4:4:4"};
  return std::to_string(format.bits) + "-bit " + layouts[static_cast<int>(format.layout)];
}

Colour colour_of(const AVFrame& frame, const AVCodecParameters& stream) {
  const auto either = [](int own, int other, int unknown) { return own != unknown ? own : other; };
  Colour c;
  c.range = either(frame.color_range, stream.color_range, AVCOL_RANGE_UNSPECIFIED);
  c.primaries = either(frame.color_primaries, stream.color_primaries, AVCOL_PRI_UNSPECIFIED);
  c.transfer = either(frame.color_trc, stream.color_trc, AVCOL_TRC_UNSPECIFIED);
  c.matrix = either(frame.colorspace, stream.color_space, AVCOL_SPC_UNSPECIFIED);
  c.chroma_location =
      either(frame.chroma_location, stream.chroma_location, AVCHROMA_LOC_UNSPECIFIED);
  for (const FullRange& f : full_range)
    if (f.full == frame.format) c.range = AVCOL_RANGE_JPEG;
  return c;
}

}  // namespace cleanplate::media
