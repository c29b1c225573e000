// When a VideoDecoder's codec works on a card, and how software takes over at any frame.
#include "core/try.h"
#include "device/cuda_facts.h"
#include "media/decoder_state.h"

namespace cleanplate {

using namespace media;

Result<void> VideoDecoder::State::open_codec() {
  // Only where it was asked for: beside device=auto nobody has measured that it pays.
  const bool wanted = !alone && options.device.starts_with("cuda") && has_card(options) &&
                      card_decodes(*source.decoder);
  if (!wanted) return open_codec(nullptr);
  auto opened = open_own_card();
  std::string reason = opened ? "" : opened.error().message;
  if (opened) {
    auto codec_opened = open_codec(*std::move(opened));
    if (codec_opened) return {};
    reason = codec_opened.error().message;
  }
  return to_software(reason);
}

Result<BufferPtr> VideoDecoder::State::open_own_card() {
  const bool same = device && device.core().card() == card_of(options.device);
  if (same) {
    CP_TRY(surfaces, device.core().stream());
  }
  CP_TRY(BufferPtr opened, open_card(options, surfaces));
  same_card = stays = same;
  return opened;
}

Result<void> VideoDecoder::State::take_from_card(FramePtr& picture, Frame& there) {
  CP_TRY(surface, format_of(*picture, codec->sw_pix_fmt));
  if (same_card) {
    const Size size = shown_size(*picture);
    if (!kept || kept->size() != size || kept->format() != surface) {
      CP_TRY(kept, DeviceFrames::create(device, surface, size));
    }
    auto frame = keep_on_card(*picture, *kept, surfaces);
    if (frame && !stays) frame = frame->to_host();  // by pinned memory, as libav's copies are not
    if (frame) {
      there = *std::move(frame);
      return {};
    }
    if (frame.error().code != Code::out_of_memory) return std::move(frame).error();
    if (stays)
      degradations.push_back({"decode", "frames in the card's memory",
                              "frames in the host's memory", frame.error().message, index});
    same_card = stays = false;
    kept.reset();
  }
  CP_TRY(picture, to_host(*picture));
  return {};
}

Result<void> VideoDecoder::State::bring_down() {
  stays = false;
  if (!ahead) return {};
  auto host = ahead->to_host();
  if (!host) {  // nobody was given it
    ahead.reset();
    last_pts.reset();
    return to_software(host.error().message);
  }
  ahead = *std::move(host);
  return {};
}

Error VideoDecoder::State::failed_on_card(std::string reason) {
  card_failed = std::move(reason);
  return {Code::decoder, "decode", *card_failed, index};
}

Result<void> VideoDecoder::State::to_software(const std::string& reason) {
  degradations.push_back({"decode", card_name(options),
                          std::string("cpu (") + source.decoder->name + ")", reason, index});
  const AVDiscard skipped = codec ? codec->skip_frame : AVDISCARD_DEFAULT;
  const AVDiscard unread = source.video->discard;
  const bool was_sought = sought;
  const auto was_given = last_pts;
  const std::int64_t was_met = packets_met;
  std::vector<Packet> waiting = std::move(packets);

  same_card = stays = false;
  kept.reset();
  std::vector<std::string> warnings = std::move(source.warnings);
  CP_TRY(source, open_source(source.path, options));
  source.warnings = std::move(warnings);
  CP_CHECK(open_codec(nullptr));
  codec->skip_frame = skipped;
  source.video->discard = unread;
  set_discard();

  draining = ended = false;
  video_packets = hidden_packets = lost = 0;
  last_pts.reset();
  last_duration = 0;
  index = index_there;
  if (sought_to) CP_CHECK(go_to(*sought_to));
  sought = was_sought;
  packets = std::move(waiting);
  given_until = was_given;
  packets_met = 0;
  packets_given = was_met;
  return {};
}

}  // namespace cleanplate
