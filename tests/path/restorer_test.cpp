// Frames through the Restorer, for programs with a loop of their own.
#include <cleanplate/pipeline.h>
#include <cleanplate/restorer.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <deque>

#include "../reference/every_device.h"
#include "frame/device_frames.h"
#include "media_clips.h"
#include "path/media_run.h"

using namespace cleanplate;

namespace {

constexpr Box mark{12, 10, 32, 20};
constexpr double alpha = .4;

/// A texture that moves, with a white mark of one opacity on it, or without.
Frame picture(int n, bool marked, PixelFormat format = {Layout::yuv420, 8}, Size size = {96, 64}) {
  auto frame = Frame::allocate(format, size);
  REQUIRE(frame);
  for (int c = 0; c < format.components(); ++c) {
    const auto to = frame->writable(c);
    const int shift = c ? 1 : 0;
    for (int y = 0; y < to.height; ++y)
      for (int x = 0; x < to.width; ++x) {
        const double u = x * (1 << shift) + 3 * n, v = y * (1 << shift) + n;
        double value = c ? 120 + 20 * std::sin(u / 17 + c)
                         : 110 + 40 * std::sin(u / 9) + 30 * std::sin(v / 7 + u / 23);
        if (marked && mark.contains(x << shift, y << shift))
          value = alpha * (c ? 128 : 235) + (1 - alpha) * value;
        to.data[y * to.stride + x] = static_cast<std::byte>(std::lround(value));
      }
  }
  frame->pts = 40 * n;
  frame->duration = 40;
  return *std::move(frame);
}

VideoInfo video_of(Size size = {96, 64}) {
  VideoInfo video;
  video.size = size;
  video.time_base = {1, 1000};
  video.frame_rate = {25, 1};
  return video;
}

Options told_options() {
  Options options = quick_options();
  options.region = {"12,10,32,20"};
  return options;
}

bool same_samples(const Frame& a, const Frame& b) {
  if (a.size() != b.size() || a.pts != b.pts || a.duration != b.duration) return false;
  for (int c = 0; c < a.format().components(); ++c) {
    const auto u = a.component(c), v = b.component(c);
    for (int y = 0; y < u.height; ++y)
      if (std::memcmp(u.data + y * u.stride, v.data + y * v.stride,
                      static_cast<std::size_t>(u.width)) != 0)
        return false;
  }
  return true;
}

/// Pushes all, pulling after each push; checks that pull never lags more than was promised.
std::vector<Frame> through(Restorer& restorer, const std::vector<Frame>& frames) {
  std::vector<Frame> out;
  Frame frame;
  const auto drain = [&](Flow at_end) {
    for (;;) {
      const auto flow = restorer.pull(frame);
      if (!flow) FAIL(flow.error().message);
      if (*flow != Flow::ok) {
        REQUIRE(*flow == at_end);
        return;
      }
      out.push_back(frame);
    }
  };
  for (std::size_t n = 0; n < frames.size(); ++n) {
    const auto flow = restorer.push(frames[n]);
    if (!flow) FAIL(flow.error().message);
    REQUIRE(*flow == Flow::ok);
    drain(Flow::again);
    REQUIRE(static_cast<int>(n + 1 - out.size()) <= restorer.latency());
  }
  REQUIRE(restorer.flush());
  drain(Flow::end);
  return out;
}

std::vector<Frame> marked(int count, int from = 0) {
  std::vector<Frame> frames;
  for (int n = from; n < from + count; ++n) frames.push_back(picture(n, true));
  return frames;
}

double error_in_mark(const Frame& a, const Frame& b) {
  double sum = 0;
  for (int y = mark.y; y < mark.bottom(); ++y)
    for (int x = mark.x; x < mark.right(); ++x) {
      const auto u = a.component(0), v = b.component(0);
      const double d = static_cast<double>(u.data[y * u.stride + x]) -
                       static_cast<double>(v.data[y * v.stride + x]);
      sum += d * d;
    }
  return std::sqrt(sum / static_cast<double>(mark.area()));
}

}  // namespace

TEST_CASE("frames pushed by a program come out as the pipeline restores them from a file") {
  const clips::Folder folder;
  clips::Clip clip;  // 24 frames at 25 a second: fewer than the window, so both see all of them
  clip.sound = nullptr;
  clips::make(folder / "in.mkv", clip);
  Options options = told_options();
  options.method = GENERATE("auto", "propagate", "unblend");  // fill alone looks at no window
  CAPTURE(options.method);

  std::vector<Frame> expected;
  Callbacks callbacks;
  callbacks.restored = [&](const Frame& frame) { expected.push_back(frame); };
  auto pipeline = Pipeline::create(options);
  REQUIRE(pipeline);
  REQUIRE(pipeline->run(folder / "in.mkv", folder / "out.mkv", callbacks));

  auto decoder = VideoDecoder::open(folder / "in.mkv", options);
  REQUIRE(decoder);
  std::vector<Frame> frames;
  for (Frame frame; *decoder->pull(frame) == Flow::ok;) frames.push_back(frame);
  auto restorer = Restorer::create(options, decoder->info());
  REQUIRE(restorer);
  const auto restored = through(*restorer, frames);
  REQUIRE(restored.size() == 24);
  REQUIRE(expected.size() == 24);
  for (std::size_t n = 0; n < restored.size(); ++n) {
    CAPTURE(n);
    REQUIRE(same_samples(restored[n], expected[n]));
  }
  REQUIRE(restorer->report().frames_changed == 24);
}

TEST_CASE("frames after the window are restored with the window's plan, none lost") {
  Options options = told_options();
  options.accumulation_seconds = 1;
  auto windowed = Restorer::create(options, video_of());
  REQUIRE(windowed);
  REQUIRE(windowed->latency() == 24);
  const auto frames = marked(70);
  const auto out = through(*windowed, frames);
  REQUIRE(out.size() == frames.size());
  REQUIRE(windowed->plan().overlays.size() == 1);

  auto planned = Restorer::create(options, video_of(), windowed->plan());
  REQUIRE(planned);
  REQUIRE(planned->latency() <= 12);
  const auto again = through(*planned, frames);
  REQUIRE(again.size() == frames.size());
  for (std::size_t n = 0; n < out.size(); ++n) {
    CAPTURE(n);
    REQUIRE(same_samples(out[n], again[n]));
    REQUIRE(out[n].pts == frames[n].pts);
  }
}

TEST_CASE("a see-through mark on pushed frames is un-blended, and nothing else changes") {
  Options options = told_options();
  options.method = "unblend";
  auto restorer = Restorer::create(options, video_of());
  REQUIRE(restorer);
  const auto frames = marked(60);
  const auto out = through(*restorer, frames);
  REQUIRE(out.size() == 60);
  double before = 0, after = 0;
  for (int n = 0; n < 60; ++n) {
    const auto k = static_cast<std::size_t>(n);
    const Frame clean = picture(n, false);
    before += error_in_mark(frames[k], clean) / 60;
    after += error_in_mark(out[k], clean) / 60;
    const auto u = frames[k].component(0), v = out[k].component(0);
    for (int y = 0; y < 64; ++y)
      for (int x = 0; x < 96; ++x)
        if (!mark.grown(8).contains(x, y))
          REQUIRE(u.data[y * u.stride + x] == v.data[y * v.stride + x]);
  }
  CAPTURE(before, after);
  REQUIRE(before > 30);
  REQUIRE(after < before / 4);
}

TEST_CASE("a stream without an overlay passes through as the very same frames") {
  Options options = quick_options();
  options.accumulation_seconds = .5;
  auto restorer = Restorer::create(options, video_of());
  REQUIRE(restorer);
  std::vector<Frame> frames;
  for (int n = 0; n < 40; ++n) frames.push_back(picture(n, false));
  const auto out = through(*restorer, frames);
  REQUIRE(out.size() == frames.size());
  for (std::size_t n = 0; n < out.size(); ++n)
    REQUIRE(out[n].component(0).data == frames[n].component(0).data);
  REQUIRE(restorer->report().nothing_found);
}

TEST_CASE("a told place that is only filled makes no frame wait for a window") {
  Options options = told_options();
  options.method = "fill";
  auto restorer = Restorer::create(options, video_of());
  REQUIRE(restorer);
  REQUIRE(restorer->latency() == 0);
  REQUIRE(through(*restorer, marked(5)).size() == 5);
}

TEST_CASE("a stream shorter than the window is looked at when it ends") {
  const int frames = GENERATE(0, 1, 3, 11);
  auto restorer = Restorer::create(told_options(), video_of());
  REQUIRE(restorer);
  REQUIRE(through(*restorer, marked(frames)).size() == static_cast<std::size_t>(frames));
  REQUIRE(restorer->flush());  // twice does no harm
}

TEST_CASE("a program that pushes without pulling is told so, and loses nothing") {
  Options options = told_options();
  options.accumulation_seconds = 0;  // a window of 12
  auto restorer = Restorer::create(options, video_of());
  REQUIRE(restorer);
  std::vector<Frame> out;
  int fulls = 0;
  for (const Frame& frame : marked(60))
    for (;;) {
      const auto flow = restorer->push(frame);
      REQUIRE(flow);
      if (*flow == Flow::ok) break;
      ++fulls;
      Frame done;
      REQUIRE(*restorer->pull(done) == Flow::ok);
      out.push_back(done);
    }
  REQUIRE(fulls > 0);
  REQUIRE(restorer->flush());
  for (Frame done; *restorer->pull(done) == Flow::ok;) out.push_back(done);
  REQUIRE(out.size() == 60);
  for (std::size_t n = 0; n < out.size(); ++n) REQUIRE(out[n].pts == 40 * static_cast<int>(n));
}

TEST_CASE("a frame that cannot be taken is refused with a sentence, and the next one goes on") {
  auto restorer = Restorer::create(told_options(), video_of());
  REQUIRE(restorer);
  REQUIRE(restorer->push(picture(3, true)));
  REQUIRE(restorer->push(picture(3, true)).error().code == Code::bad_order);
  REQUIRE(restorer->push(picture(4, true, {Layout::yuv420, 8}, {64, 64})).error().code ==
          Code::invalid_argument);
  REQUIRE(restorer->push(Frame{}).error().code == Code::invalid_argument);
  REQUIRE(restorer->push(picture(4, true)));
  REQUIRE(restorer->flush());
  REQUIRE(restorer->push(picture(5, true)).error().code == Code::invalid_argument);
  int out = 0;
  for (Frame done; *restorer->pull(done) == Flow::ok;) ++out;
  REQUIRE(out == 2);

  VideoInfo video = video_of();
  video.time_base = {0, 1};
  REQUIRE(Restorer::create(told_options(), video).error().code == Code::invalid_argument);
  Options options = told_options();
  options.region = {"500,500,10,10"};
  REQUIRE(Restorer::create(options, video_of()).error().code == Code::invalid_option);
}

TEST_CASE("a cancelled restorer says so at the next call") {
  const CancelToken cancel;
  auto restorer = Restorer::create(told_options(), video_of(), Parts{}, Device{}, cancel);
  REQUIRE(restorer);
  REQUIRE(restorer->push(picture(0, true)));
  cancel.cancel();
  REQUIRE(restorer->push(picture(1, true)).error().code == Code::cancelled);
  Frame out;
  REQUIRE(restorer->pull(out).error().code == Code::cancelled);
  REQUIRE(restorer->flush().error().code == Code::cancelled);
}

namespace {

/// Sees the mark in every frame, `lag` frames late; -1: all at the end.
class OwnDetector final : public Detector {
 public:
  explicit OwnDetector(int lag) : lag_(lag) {}
  Result<Flow> push(const Frame& frame) override {
    ++frames;
    waiting_.push_back({frame.pts, {Detection{mark, 1, "own", nullptr, false}}});
    return Flow::ok;
  }
  Result<Flow> pull(Detections& out) override {
    if (waiting_.empty()) return flushed_ ? Flow::end : Flow::again;
    if (!flushed_ && (lag_ < 0 || static_cast<int>(waiting_.size()) <= lag_)) return Flow::again;
    out = waiting_.front();
    waiting_.pop_front();
    return Flow::ok;
  }
  Result<Flow> flush() override {
    flushed_ = true;
    return Flow::ok;
  }
  int latency() const override { return lag_; }
  std::vector<Candidate> candidates() const override {
    return {{Detection{mark, 1, "own", nullptr, true}, true, "It was seen."}};
  }
  int frames = 0;

 private:
  int lag_;
  std::deque<Detections> waiting_;
  bool flushed_ = false;
};

/// Paints what is masked black; takes at most two frames at once, to be stubborn.
class OwnInpainter final : public Inpainter {
 public:
  Result<Flow> push(const Frame& frame, const FrameMask& mask) override {
    if (waiting_.size() == 2) return Flow::full;
    auto copy = frame.writable_copy();
    if (!copy) return copy.error();
    const auto to = copy->writable(0);
    for (const TrackMask& overlay : mask.overlays)
      for (int y = 0; y < to.height; ++y)
        for (int x = 0; x < to.width; ++x)
          if (overlay.mask->at(x, y)) to.data[y * to.stride + x] = std::byte{0};
    waiting_.push_back(*copy);
    return Flow::ok;
  }
  Result<Flow> pull(Frame& frame) override {
    if (waiting_.empty()) return flushed_ ? Flow::end : Flow::again;
    frame = waiting_.front();
    waiting_.pop_front();
    return Flow::ok;
  }
  Result<Flow> flush() override {
    flushed_ = true;
    return Flow::ok;
  }
  int latency() const override { return 0; }

 private:
  std::deque<Frame> waiting_;
  bool flushed_ = false;
};

}  // namespace

TEST_CASE("a program's own detector and inpainter take the places of ours") {
  OwnDetector detector(GENERATE(0, 3, -1));
  OwnInpainter inpainter;
  Parts parts;
  parts.detector = &detector;
  parts.inpainter = &inpainter;
  Options options = quick_options();
  options.accumulation_seconds = .8;
  options.persistence_frames = 4;
  auto restorer = Restorer::create(options, video_of(), parts);
  REQUIRE(restorer);
  CAPTURE(detector.latency(), restorer->latency());
  const auto out = through(*restorer, marked(50));
  REQUIRE(out.size() == 50);
  REQUIRE(detector.frames == (detector.latency() < 0 ? 20 : 50));
  for (std::size_t n = 0; n < out.size(); ++n) {
    const auto view = out[n].component(0);
    REQUIRE(view.data[(mark.y + 5) * view.stride + mark.x + 5] == std::byte{0});
    REQUIRE(view.data[(mark.bottom() + 9) * view.stride + mark.x] != std::byte{0});
  }
}

TEST_CASE("a failure of a program's own stage comes out, and stays") {
  class Failing final : public MaskTracker {
    Result<Flow> push(const Detections&) override {
      return Error{Code::internal, "mine", "The third tracker fell over."};
    }
    Result<Flow> pull(FrameMask&) override { return Flow::again; }
    Result<Flow> flush() override { return Flow::ok; }
    int latency() const override { return 0; }
  } tracker;
  Parts parts;
  parts.tracker = &tracker;
  Options options = told_options();
  options.method = "fill";
  auto restorer = Restorer::create(options, video_of(), parts);
  REQUIRE(restorer);
  REQUIRE(restorer->push(picture(0, true)).error().message == "The third tracker fell over.");
  Frame out;
  REQUIRE(restorer->pull(out).error().stage == "mine");
}

TEST_CASE("frames on a device stay there through a restorer, and come back to it where it fails") {
  const auto frames = marked(60);
  Restorer plain = must(Restorer::create(told_options(), video_of()));
  const auto right = through(plain, frames);
  const auto run = [&](const StrictOptions& how) {
    const auto strict = std::make_shared<StrictDevice>(how);
    const Device device(strict);
    const DeviceFrames pool = must(DeviceFrames::create(device, {Layout::nv12, 8}, {96, 64}));
    std::vector<Frame> there;
    for (const Frame& frame : frames) there.push_back(must(pool.copy(frame)));
    VideoInfo video = video_of();
    video.format = {Layout::nv12, 8};
    Restorer restorer = must(Restorer::create(told_options(), video, {}, device));
    const auto out = through(restorer, there);
    REQUIRE(out.size() == right.size());
    for (std::size_t n = 0; n < out.size(); ++n) {
      REQUIRE(out[n].on_device());
      REQUIRE(same_samples(must(out[n].to_host()), right[n]));
    }
    REQUIRE(strict->violations() == std::vector<std::string>{});
    REQUIRE(restorer.report().degradations.size() ==
            (how.fail_launch < 0 && how.fail_allocation < 0 ? 0 : 1));
    return std::pair(strict->launches(), strict->allocations());
  };
  std::pair<int, int> whole;
  for (const std::uint64_t seed : {1, 2, 3}) {
    StrictOptions how;
    how.seed = seed;
    whole = run(how);
  }
  REQUIRE(whole.first > 100);
  for (int k = 0; k < whole.first; k += 1 + whole.first / 7) {
    StrictOptions how;
    how.fail_launch = k;
    CAPTURE(k);
    run(how);
  }
  StrictOptions how;
  how.fail_allocation = 60 + 4;  // after the frames
  REQUIRE(whole.second > how.fail_allocation);
  run(how);
}
