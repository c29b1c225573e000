/// @file
/// What is asked of an encoder, whichever it is, and how each one is told.
#pragma once
#include <cleanplate/media_info.h>
#include <cleanplate/result.h>

#include <string>

#include "media/card.h"
#include "media/hdr.h"

namespace cleanplate::media {

struct EncoderRequest {
  PixelFormat format;
  Size size;
  AVRational frame_rate{25, 1};  ///< average; only rate control and levels look at it
  AVRational sample_aspect{0, 1};
  Colour colour;
  bool interlaced = false, top_field_first = false;
  bool global_header = false;  ///< parameter sets in the container's header
  int quality = 18;            ///< 0 best … 51, x264's crf as the scale
  bool lossless = false;
  int threads = 1;
  int profile = FF_PROFILE_UNKNOWN;  ///< the source's, for codecs whose profile is its quality
  std::string own_options;           ///< key=value:key=value, taken over ours
  Hdr hdr;
  /// Where the frames lie on a card: what an encoder there is asked to take.
  std::shared_ptr<const CardFrames> card;
};

/// Fills an encoder's context and options.
/// @return `invalid_option`: encoder_options cannot be read; `unsupported`: lossless or interlaced
///         coding asked of an encoder that has none.
[[nodiscard]] Result<void> settle(AVCodecContext& context, Dictionary& options,
                                  const EncoderRequest& request);

/// The nearest frame rate that this encoder can state; its time base is the inverse.
[[nodiscard]] AVRational usable_rate(const AVCodec& codec, AVRational rate);

}  // namespace cleanplate::media
