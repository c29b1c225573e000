#include <cleanplate/inpainter.h>
#include <fmt/format.h>

#include <deque>
#include <map>
#include <utility>

#include "composite/overlay_restorer.h"
#include "core/try.h"

namespace cleanplate {

namespace {

/// Each frame is restored as it comes; the classical fill needs no other frames.
class PlanInpainter final : public Inpainter {
 public:
  PlanInpainter(const VideoInfo& video, const Plan& plan, Device device, Stream stream)
      : video_(video), plan_(plan), device_(std::move(device)), stream_(std::move(stream)) {}

  Result<Flow> push(const Frame& frame, const FrameMask& mask) override {
    return guarded("inpaint", [&]() -> Result<Flow> {
      if (done_) return Flow::full;
      if (frame.pts <= last_pts_)
        return Error{Code::bad_order, "inpaint",
                     fmt::format("A frame has pts {}, after {}; push frames in presentation order.",
                                 frame.pts, last_pts_)};
      if (mask.overlays.empty()) {
        done_ = frame;
      } else {
        CP_TRY(Frame copy, frame.writable_copy());
        for (const TrackMask& overlay : mask.overlays) {
          CP_TRY(Known * known, restorer_of(overlay));
          CP_CHECK(known->restorer.restore(stream_, copy, number_));
          ++known->frames;
        }
        done_ = std::move(copy);
      }
      last_pts_ = frame.pts;
      ++number_;
      return Flow::ok;
    });
  }

  Result<Flow> pull(Frame& frame) override {
    if (!done_) return flushed_ ? Flow::end : Flow::again;
    frame = std::exchange(done_, Frame{});
    return Flow::ok;
  }

  Result<Flow> flush() override {
    flushed_ = true;
    return Flow::ok;
  }
  int latency() const override { return 0; }

  std::vector<MethodReport> methods() const override {
    std::vector<MethodReport> out;
    for (const auto& [mask, known] : known_)
      out.push_back({known.track, known.restorer.unblends() ? "unblend" : "fill", known.frames,
                     known.confidence});
    return out;
  }

 private:
  struct Known {
    OverlayRestorer restorer;
    int track;
    std::int64_t frames;
    double confidence;
  };

  Result<Known*> restorer_of(const TrackMask& overlay) {
    // Two masks at one address cannot be: the map keeps each alive.
    if (const auto it = known_.find(overlay.mask); it != known_.end()) return &it->second;
    const PlannedOverlay* planned = nullptr;
    for (const PlannedOverlay& o : plan_.overlays)
      if (o.support == overlay.mask) planned = &o;
    const bool unblend = planned && planned->model && planned->method != Method::fill;
    CP_TRY(OverlayRestorer restorer,
           OverlayRestorer::create(device_, video_.format, video_.size, *overlay.mask,
                                   unblend ? planned->model.get() : nullptr));
    const double confidence = planned && planned->model ? planned->model->confidence : 0;
    return &known_.emplace(overlay.mask, Known{std::move(restorer), overlay.track, 0, confidence})
                .first->second;
  }

  VideoInfo video_;
  Plan plan_;
  Device device_;
  Stream stream_;
  std::map<std::shared_ptr<const Mask>, Known> known_;
  Frame done_;
  std::int64_t number_ = 0, last_pts_ = INT64_MIN;
  bool flushed_ = false;
};

}  // namespace

Result<std::unique_ptr<Inpainter>> Inpainter::create(const Options& /*options*/,
                                                     const VideoInfo& video, const Plan& plan,
                                                     const Device& device) {
  using Made = Result<std::unique_ptr<Inpainter>>;
  return guarded("inpaint", [&]() -> Made {
    CP_TRY(Stream stream, device.core().stream());
    return Made(std::make_unique<PlanInpainter>(video, plan, device, std::move(stream)));
  });
}

}  // namespace cleanplate
