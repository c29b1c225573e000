/// @file
/// What a VideoDecoder holds; the encoder reads the source's streams and first picture from it.
#pragma once
#include <cleanplate/video_decoder.h>

#include <optional>
#include <vector>

#include "media/card_decoder.h"
#include "media/picture_pool.h"
#include "media/source.h"

namespace cleanplate {

struct VideoDecoder::State {
  Options options;
  bool alone = false;
  Device device;           ///< where frames are to stay; may be empty
  bool same_card = false;  ///< the codec works there
  bool stays = false;      ///< and they do stay
  Stream surfaces;         ///< the codec's there
  PixelFormat surface;     ///< how the last one's samples lie
  std::optional<DeviceFrames> kept;
  media::Source source;
  media::PicturePool pictures;  ///< the codec's, in software
  media::CodecPtr codec;
  VideoInfo info;
  std::vector<StreamInfo> streams;
  media::FramePtr first;  ///< properties and side data of the first picture, no samples

  std::optional<Frame> ahead;  ///< decoded by open, given by the first pull
  std::vector<Packet> packets;
  bool keep_packets = true;

  media::BufferPtr card;                   ///< the codec decodes there; empty: in software
  std::optional<std::string> card_failed;  ///< the reason, until software has taken over
  std::vector<Degradation> degradations;
  // What software does again after a card that failed is not given again.
  std::optional<std::int64_t> given_until;  ///< pts
  std::int64_t packets_met = 0, packets_given = 0;

  std::optional<std::int64_t> sought_to;  ///< the last seek's pts, INT64_MIN: the first byte
  std::int64_t index_there = 0;           ///< after that seek
  bool sought = false;  ///< sought or key frames only: packets are missing by intent
  bool draining = false, ended = false;
  bool alone_each = false;  ///< key frames only: each is given without waiting for the next…
  bool sent = false;        ///< …as soon as one was sent
  std::int64_t video_packets = 0, hidden_packets = 0;  ///< read; cut away by an edit list
  std::int64_t index = 0;  ///< of the next frame, from the start or the last seek
  std::int64_t lost = 0;
  std::optional<std::int64_t> last_pts;
  std::int64_t last_duration = 0;
  std::int64_t first_pts = 0;
  bool warned_concealed = false, warned_order = false, warned_packet = false;

  /// On the card where the options want it and it opens, else in software.
  Result<void> open_codec();
  /// @param on  a card, or null for software.
  Result<void> open_codec(media::BufferPtr on);
  /// Opens the file again and goes on in software with the first frame that was not given yet.
  Result<void> to_software(const std::string& reason);
  Result<void> read_first();
  void describe();
  /// The next picture, whatever pull has to say about it.
  Result<Flow> decode(Frame& frame);
  /// The same by the codec that is open; sets `card_failed`.
  Result<Flow> decode_here(Frame& frame);
  Error failed_on_card(std::string reason);
  /// One packet from the file to its place.
  Result<void> feed();
  Result<void> at_file_end(int native);
  Result<void> end_of_packets();
  /// Under `tolerant` counts a lost frame, else gives the Error.
  Result<void> bad(const std::string& what, int native);
  /// @param there  the picture's samples by way of our own memory on the card, else empty.
  Result<Flow> accept(AVFrame& picture, const Frame& there, Frame& frame);
  /// Opens the card, with a stream of the device's where frames are to stay there.
  Result<media::BufferPtr> open_own_card();
  /// A surface's samples: kept on the card or brought down from there, or (`there` stays empty) in
  /// the host's memory in the picture's place.
  Result<void> take_from_card(media::FramePtr& picture, Frame& there);
  /// From here on frames come to the host's memory.
  Result<void> bring_down();
  void set_times(AVFrame& picture);
  void warn_once(bool& warned, const std::string& sentence);
  void set_discard();
  /// To the key frame at or before `pts`, or to the file's first byte (INT64_MIN).
  Result<void> go_to(std::int64_t pts);
  std::string where() const;
  std::int64_t duration_of(const AVFrame& picture) const;
  /// As the file says it; 0/1 where it does not.
  AVRational sample_aspect() const;
};

}  // namespace cleanplate
