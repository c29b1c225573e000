#include "pipeline/sampler.h"

#include <algorithm>
#include <cmath>
#include <future>
#include <optional>

#include "core/budget.h"
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

/// Where to look, in seconds. @param evenly  else as if by chance, so that what comes again at
/// equal distances is not met at the same point of it each time.
std::vector<double> looks_of(const VideoDecoder& decoder, int wanted, bool evenly = true) {
  constexpr double golden = .6180339887498949;
  const VideoInfo& info = decoder.info();
  const std::vector<double> key = decoder.key_frames();
  const bool known = key.size() > 1 && key.back() > info.duration / 2;
  const auto looks = static_cast<std::size_t>(std::max(1, wanted));
  const std::size_t count = known ? std::min(key.size(), looks) : looks;
  std::vector<double> out;
  for (std::size_t k = 0; k < count; ++k) {
    const double way = static_cast<double>(k), off = evenly ? 0 : std::fmod(way * golden, 1);
    const auto at = [&](double length) {
      return (way + off) * length / static_cast<double>(count);
    };
    out.push_back(known ? key[static_cast<std::size_t>(at(static_cast<double>(key.size())))]
                        : at(info.duration));
  }
  return out;
}

/// The frames at and after key frames, in order, by several decoders on a core each: a picture that
/// is sought is decoded alone, so that frame threads of one decoder would have nothing to do.
class Looks {
 public:
  struct Look {
    double seconds;
    std::vector<int> frames;  // to take, counted from the key frame, rising
  };
  Looks(const std::string& input, const Options& options) : input_(input), options_(options) {
    constexpr int most = 4;
    decoders_.resize(
        static_cast<std::size_t>(std::clamp(share_budget(options, 0).threads, 1, most)));
    options_.threads = 1;
  }

  /// @param key_only  no other frame is decoded. @param take  false: enough.
  Result<void> each(const std::vector<Look>& looks, bool key_only,
                    const std::function<Result<bool>(const std::vector<Frame>&)>& take) {
    const std::size_t cores = std::max<std::size_t>(1, decoders_.size());
    std::vector<std::future<Result<std::vector<Frame>>>> ahead(cores);
    const auto start = [&](std::size_t k) {
      if (k >= looks.size()) return;
      ahead[k % cores] = std::async(std::launch::async, [&, k] {
        return guarded("scan", [&] { return frames_of(decoders_[k % cores], looks[k], key_only); });
      });
    };
    for (std::size_t k = 0; k < cores; ++k) start(k);
    for (std::size_t k = 0; k < looks.size(); ++k) {
      CP_TRY(const std::vector<Frame> frames, ahead[k % cores].get());
      // The next ones are decoded while this one is used.
      start(k + cores);
      CP_TRY(const bool more, take(frames));
      if (!more) break;
    }
    return {};
  }

 private:
  /// Fewer, or none: the clip's end, or no seeking from here on.
  Result<std::vector<Frame>> frames_of(std::optional<VideoDecoder>& decoder, const Look& look,
                                       bool key_only) const {
    if (!decoder) {
      CP_TRY(decoder, VideoDecoder::open(input_, options_, true));
      decoder->keep_packets(false);
    }
    decoder->key_frames_only(key_only);
    if (!key_only) decoder->reference_frames_only(true);
    std::vector<Frame> out;
    if (!decoder->seek(look.seconds)) return out;
    for (int n = 0; n <= look.frames.back(); ++n) {
      Frame frame;
      CP_TRY(const Flow flow, decoder->pull(frame));
      if (flow == Flow::end) break;
      if (n == look.frames[out.size()]) out.push_back(std::move(frame));
    }
    return out;
  }

  const std::string& input_;
  Options options_;
  std::vector<std::optional<VideoDecoder>> decoders_;
};

/// Whether most key frames show the same as others: a loop, or a camera that stands still.
Result<bool> all_alike(Looks& looks, const std::vector<double>& keys) {
  constexpr std::size_t tried = 7;
  std::vector<Looks::Look> some;
  for (std::size_t k = 0; k < tried; ++k) some.push_back({keys[k * keys.size() / tried], {0}});
  SceneCuts seen;
  std::size_t frames = 0, again = 0;
  const auto take = [&](const std::vector<Frame>& found) -> Result<bool> {
    if (found.empty()) return false;
    seen.add(found[0]);
    for (std::size_t m = 0; m < frames; ++m)
      if (seen.same(m, frames)) {
        ++again;
        break;
      }
    ++frames;
    return true;
  };
  CP_CHECK(looks.each(some, true, take));
  return 2 * again > frames;
}

/// Key frames; where these are alike, of fewer what follows too, as far as it costs little.
std::vector<Looks::Look> looks_at(const VideoDecoder& decoder, int most, bool alike) {
  constexpr int apart = 3;                // of the frames that others refer to
  constexpr int dearer = 8, places = 12;  // a place costs as much as so many key frames
  const int wanted = alike ? std::clamp(most / dearer, 3, places) : most;
  std::vector<Looks::Look> out;
  for (const double seconds : looks_of(decoder, wanted, !alike)) {
    const int begin = static_cast<int>(out.size()) % apart;
    Looks::Look look{seconds, {0}};
    if (alike) look.frames = {begin, begin + apart, begin + 2 * apart, begin + 3 * apart};
    out.push_back(std::move(look));
  }
  return out;
}

Result<std::int64_t> sought(const VideoDecoder& decoder, Looks& looks, int most,
                            const CancelToken& cancel,
                            const std::function<Result<void>(const Frame&)>& use,
                            const std::function<void(const Frame&)>& each) {
  CP_TRY(const bool alike, all_alike(looks, looks_of(decoder, most)));
  std::int64_t used = 0, last = INT64_MIN;
  const auto take = [&](const std::vector<Frame>& found) -> Result<bool> {
    for (const Frame& frame : found) {
      if (cancel.cancelled()) return stopped();
      if (frame.pts <= last) continue;  // the same key frame again
      last = frame.pts;
      if (each) each(frame);
      CP_CHECK(use(frame));
      ++used;
    }
    return !found.empty();
  };
  CP_CHECK(looks.each(looks_at(decoder, most, alike), !alike, take));
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

bool sought_in(VideoDecoder& decoder) {
  return !decoded_through(decoder.info()) && decoder.seek(0) && !few_key_frames(decoder);
}

Result<std::int64_t> sample_frames(VideoDecoder& decoder, const std::string& input,
                                   const Options& options, SampleSize size,
                                   const CancelToken& cancel,
                                   const std::function<Result<void>(const Frame&)>& use,
                                   const std::function<void(const Frame&)>& each) {
  constexpr int per_reference = 3;  // every third frame or so is a reference, or more are
  decoder.keep_packets(false);
  const VideoInfo& info = decoder.info();
  const std::int64_t frames = frames_of(info);
  const std::int64_t step = step_of(frames, size.through);
  const double tick = std::max(1e-12, info.time_base.value());
  // Half a frame less, as times are rounded to ticks.
  const double apart = frames > 0 ? (static_cast<double>(step) - .5) * info.duration /
                                        static_cast<double>(frames) / tick
                                  : 0;
  if (!sought_in(decoder)) {
    if (frames >= std::int64_t{per_reference} * size.through && info.duration > 0)
      decoder.reference_frames_only(true);
    return through(decoder, apart, cancel, use, each);
  }
  Looks looks(input, options);
  return sought(decoder, looks, size.sought, cancel, use, each);
}

}  // namespace cleanplate
