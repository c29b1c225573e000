/// @file
/// All that goes from the source to the output beside the pictures: other streams, chapters,
/// programs, metadata, stream side data.
#pragma once
#include <cleanplate/report.h>

#include <cstdint>
#include <string>
#include <vector>

#include "media/container.h"
#include "media/source.h"

namespace cleanplate::media {

/// One output stream's source.
struct CopiedStream {
  AVStream* out = nullptr;   ///< null: not in the output
  AVRational tick{0, 1};     ///< of the source's packets
  std::int64_t offset = 0;   ///< source ticks taken off every time
  std::int64_t delay = 0;    ///< output ticks added: the codec delay that readers take off
  std::int64_t reorder = 0;  ///< source ticks that decoding runs ahead of showing
  bool may_repeat = false;   ///< two packets may have one dts
  std::int64_t last_dts = AV_NOPTS_VALUE;
};

/// Where each of the source's streams goes; its own index is the place in `streams`.
struct CopyPlan {
  std::vector<CopiedStream> streams;
  AVStream* video = nullptr;  ///< the output's stream for the encoder
  std::vector<Degradation> dropped;
};

/// The first time that a Matroska file would have to hold, where it is before zero (priming of the
/// sound), in µs, whole milliseconds; else 0.
/// @param start  µs that will be taken off.
[[nodiscard]] std::int64_t earliest(const Source& source, std::int64_t start);

/// Makes the output's streams, in the source's order.
/// @param output  has its format; gains streams, chapters, programs and metadata.
/// @param start   µs taken off every time (a transport stream's arbitrary start).
[[nodiscard]] CopyPlan copy_streams(const Source& source, AVFormatContext& output,
                                    const Container& container, std::int64_t start);

/// The worked-on video's side data, tags and dispositions; after the encoder set its parameters.
/// @param first  the first picture's properties: what only the bitstream says (a rotation in SEI)
///        is put on the stream.
[[nodiscard]] std::vector<Degradation> dress_video(const Source& source, const AVFrame& first,
                                                   AVStream& out, const Container& container);

/// Cover art, which comes as one packet before all others. @return libav's code.
[[nodiscard]] int write_covers(const Source& source, CopyPlan& plan, AVFormatContext& output);

/// False for what the new muxer makes by itself: the empty samples between QuickTime's subtitles.
[[nodiscard]] bool is_copied(const AVPacket& packet, const CopiedStream& stream);

/// A copied packet's times in the output's ticks; dts made to rise where the source's do not.
void retime(AVPacket& packet, CopiedStream& stream);

}  // namespace cleanplate::media
