#include "media/hdr.h"

#include <cmath>
#include <cstdio>

namespace cleanplate::media {

namespace {
constexpr int chromaticity_units = 50000, luminance_units = 10000;

long long units(AVRational value, int per_one) { return std::llround(av_q2d(value) * per_one); }

std::string pair(const char* name, const AVRational xy[2]) {
  char text[80];
  std::snprintf(text, sizeof text, "%s(%lld,%lld)", name, units(xy[0], chromaticity_units),
                units(xy[1], chromaticity_units));
  return text;
}
}  // namespace

Hdr hdr_of(const AVStream& stream, const AVFrame& first) {
  Hdr hdr;
  const auto take = [&](auto& to, AVPacketSideDataType in_stream, AVFrameSideDataType in_frame) {
    using Value = typename std::remove_reference_t<decltype(to)>::value_type;
    const SideData d = side_data_of(stream, in_stream);
    const AVFrameSideData* f = av_frame_get_side_data(&first, in_frame);
    if (d.data && d.size >= sizeof(Value)) {
      to = *reinterpret_cast<const Value*>(d.data);
    } else if (f && f->size >= sizeof(Value)) {
      to = *reinterpret_cast<const Value*>(f->data);
    }
  };
  take(hdr.mastering, AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
       AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);
  take(hdr.light, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
  return hdr;
}

std::string mastering_text(const Hdr& hdr) {
  if (!hdr.mastering || !hdr.mastering->has_primaries || !hdr.mastering->has_luminance) return "";
  const AVMasteringDisplayMetadata& m = *hdr.mastering;
  char luminance[80];
  std::snprintf(luminance, sizeof luminance, "L(%lld,%lld)",
                units(m.max_luminance, luminance_units), units(m.min_luminance, luminance_units));
  return pair("G", m.display_primaries[1]) + pair("B", m.display_primaries[2]) +
         pair("R", m.display_primaries[0]) + pair("WP", m.white_point) + luminance;
}

std::string light_text(const Hdr& hdr) {
  if (!hdr.light) return "";
  return std::to_string(hdr.light->MaxCLL) + "," + std::to_string(hdr.light->MaxFALL);
}

}  // namespace cleanplate::media
