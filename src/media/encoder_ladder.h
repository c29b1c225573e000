/// @file
/// Which encoder is used: each rung is really opened and codes a frame before it is trusted.
#pragma once
#include <cleanplate/options.h>
#include <cleanplate/report.h>

#include <string>
#include <vector>

#include "media/encoder_settings.h"

namespace cleanplate::media {

struct OpenEncoder {
  /// Frames are taken from there; null: from the host. Outlives the context, which knows its
  /// memory.
  std::shared_ptr<const CardFrames> card;
  CodecPtr context;
  AVPixelFormat named = AV_PIX_FMT_NONE;  ///< the encoder's name for the frames' samples
  bool relay = false;  ///< frames are a card's, the encoder wants planar_format; or the other way

  /// The frame, wherever it lies, as this encoder takes it. @return `out_of_memory`, `device`.
  [[nodiscard]] Result<FramePtr> picture_of(const Frame& frame) const;
};

/// Opens one encoder by name; NVENC for the card's frames, if there are any. @return `encoder`,
/// `invalid_option`: the message has no stop and starts with FFmpeg's reason, for a longer
/// sentence.
[[nodiscard]] Result<OpenEncoder> open_rung(const std::string& name, const EncoderRequest& request);

/// The same, after one black frame went through a first instance.
[[nodiscard]] Result<OpenEncoder> open_proven(const std::string& name,
                                              const EncoderRequest& request);

/// A black frame, coded. @return as open_rung.
[[nodiscard]] Result<PacketPtr> first_packet(const std::string& name,
                                             const EncoderRequest& request);

struct Choice {
  OpenEncoder encoder;
  std::string name;
  std::vector<Degradation> degradations;
};
/// Goes down the ladder: the named encoder first, then those of the codec. NVENC takes two rungs
/// where the request has a card's frames.
/// @param codec  FFmpeg's codec name.
/// @return `encoder`: all rungs with their reasons; `invalid_option`; `degraded` under strict.
[[nodiscard]] Result<Choice> choose_encoder(const std::string& codec, const Options& options,
                                            const EncoderRequest& request);

}  // namespace cleanplate::media
