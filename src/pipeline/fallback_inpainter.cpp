#include "pipeline/fallback_inpainter.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/try.h"
#include "device/host_device.h"
#include "frame/device_words.h"

namespace cleanplate {

FallbackInpainter::FallbackInpainter(const Options& options, const VideoInfo& video,
                                     const Plan& plan, const Device& device)
    : options_(options),
      video_(video),
      plan_(plan),
      device_(device),
      on_host_(dynamic_cast<const HostDevice*>(&device.core()) != nullptr) {}

Result<std::unique_ptr<FallbackInpainter>> FallbackInpainter::create(const Options& options,
                                                                     const VideoInfo& video,
                                                                     const Plan& plan,
                                                                     const Device& device) {
  using Made = Result<std::unique_ptr<FallbackInpainter>>;
  return guarded("inpaint", [&]() -> Made {
    std::unique_ptr<FallbackInpainter> made(new FallbackInpainter(options, video, plan, device));
    if (auto begun = made->begin(device, 0); !begun) {
      if (!made->may_redo(begun.error())) return begun.error();
      CP_CHECK(made->redo(begun.error()));
    }
    return Made(std::move(made));
  });
}

Result<void> FallbackInpainter::begin(const Device& device, std::int64_t first_frame) {
  CP_TRY(inner_, Inpainter::create(options_, video_, plan_, device, first_frame));
  latency_ = inner_->latency();
  return {};
}

bool FallbackInpainter::may_redo(const Error& why) const {
  return !on_host_ && (why.code == Code::out_of_memory || why.code == Code::device);
}

Result<Flow> FallbackInpainter::push(const Frame& frame, const FrameMask& mask) {
  return guarded("inpaint", [&]() -> Result<Flow> {
    if (on_host_) return give(frame, mask);
    if (flushed_) return Flow::full;
    kept_.push_back({frame, mask});
    auto pushed = inner_->push(frame, mask);
    if (pushed && *pushed == Flow::ok) return pushed;
    if (pushed || !may_redo(pushed.error())) {
      kept_.pop_back();
      return pushed;
    }
    CP_CHECK(redo(pushed.error()));
    return Flow::ok;
  });
}

Result<Flow> FallbackInpainter::pull(Frame& frame) {
  return guarded("inpaint", [&]() -> Result<Flow> {
    auto pulled = take(frame);
    if (!pulled && may_redo(pulled.error())) {
      CP_CHECK(redo(pulled.error()));
      pulled = take(frame);
    }
    if (!pulled || *pulled != Flow::ok) return pulled;
    if (!on_host_) {
      host_touches(device_, frame, Touch::read);  // from here on it is the encoder's
      ++kept_given_;
      forget();
    }
    ++given_;
    return Flow::ok;
  });
}

Result<Flow> FallbackInpainter::flush() {
  return guarded("inpaint", [&]() -> Result<Flow> {
    flushed_ = true;
    auto done = inner_->flush();
    if (done || !may_redo(done.error())) return done;
    CP_CHECK(redo(done.error()));
    return Flow::ok;
  });
}

Result<void> FallbackInpainter::redo(const Error& why) {
  CP_TRY(auto host, HostDevice::create(options_));
  const Device on(host);
  fallen_ = {"inpaint", device_.name(), on.name(), why.message, given_};
  if (inner_) {
    before_ = inner_->methods();
    steps_before_ = inner_->degradations();
    batch_before_ = inner_->batch();
  }
  inner_.reset();  // its memory is needed
  on_host_ = true;
  again_ = kept_given_;
  CP_CHECK(begin(on, given_ - static_cast<std::int64_t>(kept_given_)));
  const std::deque<Kept> kept = std::exchange(kept_, {});
  kept_given_ = 0;
  for (const Kept& each : kept) CP_CHECK(feed(each));
  if (flushed_) CP_CHECK(inner_->flush());
  return {};
}

Result<void> FallbackInpainter::feed(const Kept& kept) {
  for (Frame done;;) {
    CP_TRY(const Flow flow, give(kept.frame, kept.mask));
    if (flow != Flow::full) return {};
    CP_TRY(const Flow pulled, inner_->pull(done));
    if (pulled != Flow::ok)
      return Error{Code::internal, "inpaint", "The inpainter is full and gives nothing."};
    if (again_ > 0)
      --again_;
    else
      ready_.push_back(std::move(done));
  }
}

Result<Flow> FallbackInpainter::give(const Frame& frame, const FrameMask& mask) {
  if (mask.overlays.empty()) return inner_->push(frame, mask);
  CP_TRY(const Frame host, frame.to_host());
  return inner_->push(host, mask);
}

Result<Flow> FallbackInpainter::take(Frame& frame) {
  if (!ready_.empty()) {
    frame = std::move(ready_.front());
    ready_.pop_front();
    return Flow::ok;
  }
  for (; again_ > 0; --again_) {
    Frame given;
    CP_TRY(const Flow flow, inner_->pull(given));
    if (flow != Flow::ok) return flow;
  }
  return inner_->pull(frame);
}

void FallbackInpainter::forget() {
  for (; kept_given_ > static_cast<std::size_t>(latency_); --kept_given_) {
    for (const TrackMask& overlay : kept_.front().mask.overlays) ++forgotten_[overlay.track];
    kept_.pop_front();
  }
}

std::vector<MethodReport> FallbackInpainter::methods() const {
  std::vector<MethodReport> all = inner_->methods();
  if (before_.empty()) return all;
  // The host's inpainter counts from the oldest kept frame on; the rest was forgotten by then.
  auto earlier = forgotten_;
  const auto at = [&](int track) {
    return std::find_if(all.begin(), all.end(), [&](const auto& m) { return m.track == track; });
  };
  for (const MethodReport& m : before_) {
    const auto frames = std::exchange(earlier[m.track], 0);
    if (const auto it = at(m.track); it != all.end())
      it->frames += frames;
    else if (frames > 0)
      all.push_back({m.track, m.method, frames, m.confidence});
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.track < b.track; });
  return all;
}

std::vector<Degradation> FallbackInpainter::degradations() const {
  std::vector<Degradation> all = steps_before_;
  if (fallen_) all.push_back(*fallen_);
  for (Degradation& d : inner_->degradations()) all.push_back(std::move(d));
  return all;
}

std::string FallbackInpainter::device_name() const {
  if (!fallen_) return device_.name();
  const Degradation& d = *fallen_;
  return d.first_frame == 0 ? d.to
                            : fmt::format("{}, from frame {} on {}", d.from, d.first_frame, d.to);
}

}  // namespace cleanplate
