#include "pipeline/sampler.h"

#include <algorithm>
#include <cmath>
#include <future>
#include <optional>

#include "core/try.h"
#include "detect/scene_cuts.h"

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

/// Whether the key frames are too few to show enough, and the clip is not long.
bool few_key_frames(const VideoDecoder& decoder) {
  constexpr std::size_t few = 40;
  constexpr std::int64_t long_one = 4500;  // frames
  const std::size_t count = decoder.key_frames().size();
  return count > 0 && count < few && frames_of(decoder.info()) < long_one;
}

/// Where to look, in seconds.
std::vector<double> looks_of(const VideoDecoder& decoder, int wanted) {
  constexpr int most = 100;  // frames that are far apart differ much: fewer will do
  const VideoInfo& info = decoder.info();
  const std::vector<double> key = decoder.key_frames();
  std::vector<double> out;
  const int looks = std::min(wanted, most);
  const bool known = key.size() > 1 && key.back() > info.duration / 2;
  const std::size_t count = known ? std::min(key.size(), static_cast<std::size_t>(looks))
                                  : static_cast<std::size_t>(looks);
  for (std::size_t k = 0; k < count; ++k)
    out.push_back(known ? key[k * key.size() / count]
                        : info.duration * static_cast<double>(k) / static_cast<double>(count));
  return out;
}

/// Whether most key frames show the same as others: a loop, or a camera that stands still.
Result<bool> all_alike(VideoDecoder& decoder, const std::vector<double>& looks) {
  constexpr std::size_t tried = 7;
  SceneCuts seen;
  std::size_t frames = 0, again = 0;
  for (std::size_t k = 0; k < tried; ++k) {
    Frame frame;
    if (!decoder.seek(looks[k * looks.size() / tried])) break;
    CP_CHECK(decoder.pull(frame));
    if (!frame) break;
    seen.add(frame);
    for (std::size_t m = 0; m < frames; ++m)
      if (seen.same(m, frames)) {
        ++again;
        break;
      }
    ++frames;
  }
  return 2 * again > frames;
}

/// Key frames; where these are alike, what follows each at another distance.
Result<std::int64_t> sought(VideoDecoder& decoder, int most, const CancelToken& cancel,
                            const std::function<Result<void>(const Frame&)>& use,
                            const std::function<void(const Frame&)>& each) {
  constexpr std::size_t farther = 5, farthest = 12;  // frames
  constexpr int most_of_alike = 36;                  // as each costs several times as much
  std::vector<double> looks = looks_of(decoder, most);
  decoder.key_frames_only(true);
  CP_TRY(const bool alike, all_alike(decoder, looks));
  if (alike) {
    looks = looks_of(decoder, std::min(most, most_of_alike));
    decoder.key_frames_only(false);
    decoder.reference_frames_only(true);
  }
  // Empty: the clip's end, or no seeking from here on.
  const auto start = [&](std::size_t k) {
    return std::async(std::launch::async, [&, k]() -> Result<Frame> {
      Frame frame;
      if (!decoder.seek(looks[k])) return frame;
      for (std::size_t n = alike ? k * farther % farthest : 0;; --n) {
        CP_TRY(const Flow flow, decoder.pull(frame));
        if (n == 0 || flow == Flow::end) return frame;
      }
    });
  };
  std::int64_t used = 0, last = INT64_MIN;
  std::future<Result<Frame>> ahead = start(0);
  for (std::size_t k = 1; k <= looks.size(); ++k) {
    if (cancel.cancelled()) return stopped();
    CP_TRY(const Frame frame, ahead.get());
    if (!frame) break;
    // The next one is decoded while this one is used.
    if (k < looks.size()) ahead = start(k);
    if (frame.pts <= last) continue;  // the same key frame again
    last = frame.pts;
    if (each) each(frame);
    CP_CHECK(use(frame));
    ++used;
  }
  return used;
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
  if (decoded_through(info) || !decoder.seek(0) || few_key_frames(decoder)) {
    if (frames >= std::int64_t{per_reference} * most && info.duration > 0)
      decoder.reference_frames_only(true);
    return through(decoder, apart, cancel, use, each);
  }
  return sought(decoder, most, cancel, use, each);
}

}  // namespace cleanplate
