#include "pipeline/sampler.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/try.h"

namespace cleanplate {

namespace {

Error stopped() { return {Code::cancelled, "scan", "The job was cancelled."}; }

/// Frames of a clip as far as the container tells; 0 unknown.
std::int64_t frames_of(const VideoInfo& info) {
  if (info.frames > 0) return info.frames;
  return std::llround(info.duration * info.frame_rate.value());
}

/// Of this many frames one is used.
std::int64_t step_of(std::int64_t frames, int most) {
  return std::max<std::int64_t>(1, (frames + most - 1) / std::max(1, most));
}

/// Frames that are at least `apart` ticks after the one before.
Result<std::int64_t> through(VideoDecoder& decoder, double apart, const CancelToken& cancel,
                             const std::function<Result<void>(const Frame&)>& use,
                             const std::function<void(const Frame&)>& each) {
  std::int64_t used = 0;
  std::optional<double> due;
  for (;;) {
    if (cancel.cancelled()) return stopped();
    Frame frame;
    CP_TRY(const Flow flow, decoder.pull(frame));
    if (flow == Flow::end) return used;
    if (each) each(frame);
    const auto now = static_cast<double>(frame.pts);
    if (due && now < *due) continue;
    due = now + apart;
    CP_CHECK(use(frame));
    ++used;
  }
}

}  // namespace

std::int64_t frames_to_sample(const VideoInfo& info, int most) {
  const std::int64_t frames = frames_of(info), step = step_of(frames, most);
  return (frames + step - 1) / step;
}

bool decoded_through(const VideoInfo& info) {
  constexpr std::int64_t most = 900;  // frames up to which seeking does not pay
  return frames_of(info) <= most || info.duration <= 0;
}

Result<std::int64_t> sample_frames(VideoDecoder& decoder, int most, const CancelToken& cancel,
                                   const std::function<Result<void>(const Frame&)>& use,
                                   const std::function<void(const Frame&)>& each) {
  constexpr int per_reference = 3;  // every third frame or so is a reference, or more are
  decoder.keep_packets(false);
  const VideoInfo& info = decoder.info();
  const std::int64_t frames = frames_of(info);
  const std::int64_t step = step_of(frames, most);
  const double tick = std::max(1e-12, info.time_base.value());
  // Half a frame less, as times are rounded to ticks.
  const double apart = frames > 0 ? (static_cast<double>(step) - .5) * info.duration /
                                        static_cast<double>(frames) / tick
                                  : 0;
  if (decoded_through(info)) {
    if (frames >= std::int64_t{per_reference} * most && info.duration > 0)
      decoder.reference_frames_only(true);
    return through(decoder, apart, cancel, use, each);
  }

  decoder.key_frames_only(true);
  std::int64_t used = 0, last = INT64_MIN;
  for (int k = 0; k < most; ++k) {
    if (cancel.cancelled()) return stopped();
    if (auto sought = decoder.seek(info.duration * k / most); !sought) {
      if (used) return used;
      decoder.key_frames_only(false);
      return through(decoder, apart, cancel, use, each);
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
