#include "media/captions.h"

extern "C" {
#include <libavutil/opt.h>
}

#include <algorithm>
#include <cstring>
#include <string>

namespace cleanplate::media {

namespace {
using Bytes = std::vector<std::uint8_t>;

/// Private data begins with its class only where the codec has one.
bool has_option(const AVCodecContext& c, const char* name) {
  return c.codec && c.codec->priv_class && c.priv_data &&
         av_opt_find(c.priv_data, name, nullptr, 0, 0);
}

/// ITU-T T.35 message of ATSC A/53 captions; three bytes each.
Bytes caption_message(const std::uint8_t* captions, std::size_t size) {
  constexpr std::size_t most = 31;  // five bits count them
  const std::size_t count = std::min(size / 3, most);
  Bytes m{0xB5, 0x00, 0x31, 'G', 'A', '9', '4', 0x03, static_cast<std::uint8_t>(0x40 | count),
          0xFF};
  m.insert(m.end(), captions, captions + 3 * count);
  m.push_back(0xFF);
  return m;
}

/// A prefix SEI unit (ITU-T H.265 7.3.2.4) with its start code.
Bytes sei_unit(std::uint8_t type, const Bytes& message) {
  Bytes raw{type};
  std::size_t left = message.size();
  for (; left >= 255; left -= 255) raw.push_back(255);
  raw.push_back(static_cast<std::uint8_t>(left));
  raw.insert(raw.end(), message.begin(), message.end());
  raw.push_back(0x80);
  constexpr std::uint8_t prefix_sei = 39;
  Bytes unit{0, 0, 0, 1, prefix_sei << 1, 1};
  int zeros = 0;
  for (const std::uint8_t b : raw) {
    if (zeros >= 2 && b <= 3) {  // no start code may arise inside
      unit.push_back(3);
      zeros = 0;
    }
    unit.push_back(b);
    zeros = b ? 0 : zeros + 1;
  }
  return unit;
}

/// Where the first slice's start code begins; the packet's size if there is none.
std::size_t first_slice(const AVPacket& p) {
  const auto size = static_cast<std::size_t>(p.size);
  constexpr int first_other = 32;  // unit types below are slices
  for (std::size_t i = 0; i + 4 <= size; ++i) {
    if (p.data[i] || p.data[i + 1] || p.data[i + 2] != 1) continue;
    if ((p.data[i + 3] >> 1 & 0x3F) < first_other) return i > 0 && !p.data[i - 1] ? i - 1 : i;
    i += 2;
  }
  return size;
}
}  // namespace

bool needs_captions_written(const AVCodecContext& encoder) {
  return encoder.codec_id == AV_CODEC_ID_HEVC && !has_option(encoder, "a53cc");
}

void write_captions(AVPacket& packet, const std::shared_ptr<const void>& side_data) {
  const auto* side = static_cast<const AVFrame*>(side_data.get());
  const AVFrameSideData* d = side ? av_frame_get_side_data(side, AV_FRAME_DATA_A53_CC) : nullptr;
  if (!d || d->size < 3) return;
  const std::size_t at = first_slice(packet), size = static_cast<std::size_t>(packet.size);
  if (at == size) return;
  constexpr std::uint8_t registered_t35 = 4;
  const Bytes unit = sei_unit(registered_t35, caption_message(d->data, d->size));
  if (av_grow_packet(&packet, static_cast<int>(unit.size())) < 0) throw std::bad_alloc();
  std::memmove(packet.data + at + unit.size(), packet.data + at, size - at);
  std::memcpy(packet.data + at, unit.data(), unit.size());
}

std::vector<Degradation> lost_riders(const AVFrame& first, const AVCodecContext& encoder) {
  std::vector<Degradation> lost;
  const auto check = [&](AVFrameSideDataType type, const char* what, bool kept) {
    if (!kept && av_frame_get_side_data(&first, type))
      lost.push_back({"encode", what, "dropped",
                      std::string("the encoder ") + encoder.codec->name + " has no place for them",
                      0});
  };
  check(AV_FRAME_DATA_A53_CC, "captions inside the pictures",
        has_option(encoder, "a53cc") || needs_captions_written(encoder));
  check(AV_FRAME_DATA_S12M_TIMECODE, "time codes inside the pictures",
        has_option(encoder, "s12m_tc"));
  check(AV_FRAME_DATA_DYNAMIC_HDR_PLUS, "HDR10+ data of each picture", false);
  return lost;
}

}  // namespace cleanplate::media
