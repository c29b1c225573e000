#include "pipeline/sampler.h"

#include <algorithm>
#include <cmath>

#include "core/try.h"

namespace cleanplate {

namespace {

Error stopped() { return {Code::cancelled, "scan", "The job was cancelled."}; }

/// Frames of a clip as far as the container tells; 0 unknown.
std::int64_t frames_of(const VideoInfo& info) {
  if (info.frames > 0) return info.frames;
  return std::llround(info.duration * info.frame_rate.value());
}

Result<std::int64_t> through(VideoDecoder& decoder, std::int64_t step, const CancelToken& cancel,
                             const std::function<Result<void>(const Frame&)>& use) {
  std::int64_t used = 0;
  for (std::int64_t n = 0;; ++n) {
    if (cancel.cancelled()) return stopped();
    Frame frame;
    CP_TRY(const Flow flow, decoder.pull(frame));
    if (flow == Flow::end) return used;
    if (n % step) continue;
    CP_CHECK(use(frame));
    ++used;
  }
}

}  // namespace

Result<std::int64_t> sample_frames(VideoDecoder& decoder, int most, const CancelToken& cancel,
                                   const std::function<Result<void>(const Frame&)>& use) {
  constexpr std::int64_t decoded_through = 900;  // frames up to which seeking does not pay
  decoder.keep_packets(false);
  const VideoInfo& info = decoder.info();
  const std::int64_t frames = frames_of(info);
  const std::int64_t step = std::max<std::int64_t>(1, (frames + most - 1) / std::max(1, most));
  if (frames <= decoded_through || info.duration <= 0) return through(decoder, step, cancel, use);

  decoder.key_frames_only(true);
  std::int64_t used = 0, last = INT64_MIN;
  for (int k = 0; k < most; ++k) {
    if (cancel.cancelled()) return stopped();
    if (auto sought = decoder.seek(info.duration * k / most); !sought) {
      if (used) return used;
      decoder.key_frames_only(false);
      return through(decoder, step, cancel, use);
    }
    Frame frame;
    CP_TRY(const Flow flow, decoder.pull(frame));
    if (flow == Flow::end) break;
    if (frame.pts <= last) continue;  // the same key frame again
    last = frame.pts;
    CP_CHECK(use(frame));
    ++used;
  }
  return used;
}

}  // namespace cleanplate
