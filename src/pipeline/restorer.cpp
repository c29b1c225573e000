#include <cleanplate/restorer.h>
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "core/try.h"
#include "detect/region_detector.h"
#include "frame/card_format.h"
#include "frame/device_frames.h"
#include "pipeline/chain.h"
#include "pipeline/fallback_inpainter.h"
#include "pipeline/planner.h"
#include "pipeline/stage_clock.h"
#include "pipeline/window.h"

namespace cleanplate {

namespace {

/// What a plan says is there needs no looking ahead.
Options without_persistence(Options options) {
  options.persistence_frames = 0;
  return options;
}

Result<void> check_video(const VideoInfo& video) {
  if (video.time_base.num > 0 && video.time_base.den > 0) return {};
  return Error{Code::invalid_argument, "restore",
               fmt::format("A time base of {}/{} s cannot be; give the seconds of one pts tick.",
                           video.time_base.num, video.time_base.den)};
}

}  // namespace

struct Restorer::State {
  State(const Options& o, const VideoInfo& v, const Parts& p, Device d, CancelToken c)
      : options(o), video(v), parts(p), device(std::move(d)), cancel(std::move(c)) {}

  Options options;
  VideoInfo video;
  Parts parts;
  Device device;
  CancelToken cancel;

  std::vector<Region> told;
  Plan plan;
  int window = 0, latency = 0;
  std::deque<Frame> waiting;  // until they have been looked at
  std::deque<Frame> ready;    // without overlay, or pulled already from the chain
  std::unique_ptr<Detector> detector;
  std::unique_ptr<MaskTracker> tracker;
  std::unique_ptr<FallbackInpainter> inpainter;
  std::optional<Chain> chain;

  std::int64_t pushed = 0, pulled = 0;
  std::optional<std::int64_t> first_pts, last_pts;
  bool flushed = false;
  bool on_device = false;             // frames were pushed that lie there
  std::optional<DeviceFrames> there;  // for those that the host restored
  std::optional<Error> failed;
  StageClock scanning{"scan"}, restoring{"restore"};

  Result<void> begin(const Plan* given);
  Result<void> make_chain();
  Result<Flow> push(const Frame& frame);
  Result<void> look();
  Result<Flow> pull(Frame& frame);
  Result<void> bring_up(Frame& frame);
  Result<Flow> flush();
  Result<void> check(const Frame& frame) const;

  /// Runs one call; an error that is not the caller's slip stays.
  template <class Body>
  Result<Flow> call(Body&& body) {
    if (failed) return *failed;
    if (cancel.cancelled()) return Error{Code::cancelled, "restore", "The job was cancelled."};
    Result<Flow> done = guarded("restore", body);
    if (!done) failed = done.error();
    return done;
  }
};

/// The caller's detector alone, or the plan's overlays; then the tracker and the inpainter.
Result<void> Restorer::State::make_chain() {
  const bool asked = parts.detector && parts.detector->latency() >= 0 && plan.overlays.empty();
  if (!asked) detector = std::make_unique<RegionDetector>(regions_of(plan), video.time_base);
  if (!parts.tracker) {
    CP_TRY(tracker, MaskTracker::create(asked ? options : without_persistence(options), video));
  }
  if (!parts.inpainter) {
    CP_TRY(inpainter, FallbackInpainter::create(options, video, plan, device));
  }
  chain.emplace(asked ? *parts.detector : *detector, parts.tracker ? *parts.tracker : *tracker,
                parts.inpainter ? *parts.inpainter : *inpainter);
  return {};
}

Result<void> Restorer::State::begin(const Plan* given) {
  CP_CHECK(check_options(options));
  CP_CHECK(check_video(video));
  CP_CHECK(Frame::allocate(video.format, {1, 1}));
  if (!device) {
    CP_TRY(device, Device::open(options));
  }
  if (given) {
    plan = *given;
    parts.detector = nullptr;
  } else if (!parts.detector) {
    CP_TRY(told, told_regions(options, video.size));
    CP_CHECK(Detector::create(options, video, device));  // its errors now, not in mid-stream
  }
  const bool looks = parts.detector ? parts.detector->latency() < 0 : !given;
  window = looks ? window_frames(options, video, !told.empty() && !parts.detector) : 0;
  if (looks && window == 0 && !told.empty()) {
    CP_TRY(plan, plan_of({}, options, video, told, nullptr, device, 0, cancel));
  }
  // Also made where it will be made again with the plan: its latency is known from here on.
  CP_CHECK(make_chain());
  latency = std::max(window - 1, chain->latency());
  if (window > 0) chain.reset();
  return {};
}

Result<void> Restorer::State::check(const Frame& frame) const {
  if (!frame) return Error{Code::invalid_argument, "restore", "An empty frame was pushed."};
  if (flushed)
    return Error{Code::invalid_argument, "restore",
                 "The restorer was flushed and takes no more frames; make another."};
  if (const Device* holder = DeviceFrames::device_of(frame);
      holder && &holder->core() != &device.core())
    return Error{Code::invalid_argument, "restore",
                 "The frame lies in the memory of " + holder->name() +
                     ", and the restorer works on " + device.name() +
                     "; create it with that device, or push what the frame's to_host() gives."};
  if (frame.size() != video.size || !(frame.format() == video.format))
    return Error{
        Code::invalid_argument, "restore",
        fmt::format("A frame of {}x{}, {} bits, layout {} was pushed where {}x{}, {} bits, "
                    "layout {} was said at create; make another restorer for it.",
                    frame.size().width, frame.size().height, frame.format().bits,
                    static_cast<int>(frame.format().layout), video.size.width, video.size.height,
                    video.format.bits, static_cast<int>(video.format.layout))};
  if (last_pts && frame.pts <= *last_pts)
    return Error{Code::bad_order, "restore",
                 fmt::format("A frame has pts {}, after {}; push frames in presentation order.",
                             frame.pts, *last_pts)};
  return {};
}

Result<Flow> Restorer::State::push(const Frame& frame) {
  if (pushed - pulled > latency) {
    if (ready.empty() && chain) {
      Frame done;
      CP_TRY(const Flow flow, chain->pull(done));
      if (flow == Flow::ok) ready.push_back(std::move(done));
    }
    if (!ready.empty()) return Flow::full;
  }
  if (!first_pts) first_pts = frame.pts;
  last_pts = frame.pts;
  on_device = on_device || frame.on_device();
  ++pushed;
  if (chain) {
    CP_CHECK(restoring.timed([&] { return chain->push(frame); }));
    return Flow::ok;
  }
  waiting.push_back(frame);
  if (static_cast<int>(waiting.size()) >= window) CP_CHECK(look());
  return Flow::ok;
}

/// Makes the plan; the frames that waited go on.
Result<void> Restorer::State::look() {
  CP_TRY(plan, scanning.timed([&] {
    return plan_of(waiting, options, video, told, parts.detector, device, *first_pts, cancel);
  }));
  // A caller's detector was flushed and can look no more.
  if (!plan.overlays.empty() || parts.detector) CP_CHECK(make_chain());
  for (; !waiting.empty(); waiting.pop_front())
    if (chain) {
      CP_CHECK(restoring.timed([&] { return chain->push(waiting.front()); }));
    } else {
      ready.push_back(waiting.front());
    }
  return {};
}

Result<Flow> Restorer::State::pull(Frame& frame) {
  if (!ready.empty()) {
    frame = std::move(ready.front());
    ready.pop_front();
    ++pulled;
    return Flow::ok;
  }
  if (!chain) return flushed ? Flow::end : Flow::again;
  Frame done;
  CP_TRY(const Flow flow, restoring.timed([&] { return chain->pull(done); }));
  if (flow != Flow::ok) return flow;
  if (on_device) CP_CHECK(bring_up(done));
  frame = std::move(done);
  ++pulled;
  return Flow::ok;
}

/// What the host restored in the device's place comes out where and how it went in.
Result<void> Restorer::State::bring_up(Frame& frame) {
  if (frame.on_device()) return {};
  // Only what a card has goes in there.
  const PixelFormat format = *card_format(frame.format());
  CP_TRY(frame, in_format(frame, format));
  if (!there) {
    CP_TRY(there, DeviceFrames::create(device, format, video.size));
  }
  auto up = there->copy(frame);
  if (up)
    frame = *std::move(up);
  else if (up.error().code != Code::out_of_memory)  // else it stays here
    return std::move(up).error();
  return {};
}

Result<Flow> Restorer::State::flush() {
  if (std::exchange(flushed, true)) return Flow::ok;
  if (!waiting.empty()) CP_CHECK(look());
  if (chain) CP_CHECK(restoring.timed([&] { return chain->flush(); }));
  return Flow::ok;
}

Restorer::Restorer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Restorer::Restorer(Restorer&&) noexcept = default;
Restorer& Restorer::operator=(Restorer&&) noexcept = default;
Restorer::~Restorer() = default;

Result<Restorer> Restorer::create(const Options& options, const VideoInfo& video,
                                  const Parts& parts, const Device& device,
                                  const CancelToken& cancel) {
  return guarded("restore", [&]() -> Result<Restorer> {
    auto state = std::make_unique<State>(options, video, parts, device, cancel);
    CP_CHECK(state->begin(nullptr));
    return Restorer(std::move(state));
  });
}

Result<Restorer> Restorer::create(const Options& options, const VideoInfo& video, const Plan& plan,
                                  const Parts& parts, const Device& device,
                                  const CancelToken& cancel) {
  return guarded("restore", [&]() -> Result<Restorer> {
    auto state = std::make_unique<State>(options, video, parts, device, cancel);
    CP_CHECK(state->begin(&plan));
    return Restorer(std::move(state));
  });
}

Result<Flow> Restorer::push(const Frame& frame) {
  if (!state_->failed) CP_CHECK(guarded("restore", [&] { return state_->check(frame); }));
  return state_->call([&] { return state_->push(frame); });
}
Result<Flow> Restorer::pull(Frame& frame) {
  return state_->call([&] { return state_->pull(frame); });
}
Result<Flow> Restorer::flush() {
  return state_->call([&] { return state_->flush(); });
}

int Restorer::latency() const { return state_->latency; }
const Plan& Restorer::plan() const { return state_->plan; }

Report Restorer::report() const {
  const State& s = *state_;
  Report report;
  report.frames_in = s.pushed;
  report.frames_out = s.pulled;
  report.frames_changed = s.chain ? s.chain->changed() : 0;
  report.candidates = s.plan.candidates;
  report.nothing_found = s.plan.overlays.empty();
  report.degradations = s.plan.degradations;
  std::string device = s.device.name();
  int batch = 1;
  if (s.parts.inpainter) {
    batch = s.parts.inpainter->batch();
    report.methods = s.parts.inpainter->methods();
    for (const Degradation& d : s.parts.inpainter->degradations()) report.degradations.push_back(d);
  } else if (s.inpainter) {
    report.methods = s.inpainter->methods();
    for (const Degradation& d : s.inpainter->degradations()) report.degradations.push_back(d);
    device = s.inpainter->device_name();
    batch = s.inpainter->batch();
  }
  report.stages = {s.scanning.report(s.device.name(), s.plan.batch),
                   s.restoring.report(device, batch)};
  for (const StageReport& stage : report.stages) report.seconds += stage.busy_seconds;
  for (StageReport& stage : report.stages)
    stage.busy_share = report.seconds > 0 ? stage.busy_seconds / report.seconds : 0;
  return report;
}

}  // namespace cleanplate
