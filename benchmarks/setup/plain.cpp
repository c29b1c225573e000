#include "setup/plain.h"

#include <cleanplate/video_decoder.h>
#include <cleanplate/video_encoder.h>

namespace bench {

cleanplate::Result<std::int64_t> transcode(const std::string& input, const std::string& output,
                                           const cleanplate::Options& options,
                                           const Change& change) {
  auto decoder = cleanplate::VideoDecoder::open(input, options);
  if (!decoder) return decoder.error();
  auto encoder = cleanplate::VideoEncoder::open(output, *decoder, options);
  if (!encoder) return encoder.error();
  std::int64_t frames = 0;
  const auto copy_packets = [&]() -> cleanplate::Result<void> {
    for (const auto& packet : decoder->take_packets())
      if (const auto written = encoder->push_packet(packet); !written) return written.error();
    return {};
  };
  for (;;) {
    cleanplate::Frame frame;
    const auto flow = decoder->pull(frame);
    if (!flow) return flow.error();
    if (const auto copied = copy_packets(); !copied) return copied.error();
    if (*flow == cleanplate::Flow::end) break;
    if (change) {
      auto changed = change(frame);
      if (!changed) return changed.error();
      frame = *std::move(changed);
    }
    if (const auto pushed = encoder->push(frame); !pushed) return pushed.error();
    ++frames;
  }
  if (const auto finished = encoder->finish(); !finished) return finished.error();
  return frames;
}

}  // namespace bench
