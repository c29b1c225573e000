#include <cleanplate/inpainter.h>
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "composite/frames_beside.h"
#include "composite/glyph_finder.h"
#include "composite/overlay_restorer.h"
#include "core/try.h"
#include "frame/frame_copies.h"
#include "infer/user_network.h"
#include "matte/moved_model.h"

namespace cleanplate {

namespace {

bool moves(const PlannedOverlay& o) {
  return std::any_of(o.stays.begin(), o.stays.end(),
                     [](const Stay& s) { return s.dx != 0 || s.dy != 0; });
}

/// Whether its mask is another one in each frame.
bool changes_place(const PlannedOverlay& o) { return o.text || moves(o); }

/// Whether an overlay that is elsewhere in each frame hides anything that is to be filled.
bool moves_and_hides(const PlannedOverlay& o) {
  const bool fills = o.method == Method::fill || o.method == Method::propagate || !o.model;
  return changes_place(o) && (fills || worth_filling(*o.model));
}

/// Frames wait for those after them only where an overlay's fill looks at other frames.
class PlanInpainter final : public Inpainter {
 public:
  PlanInpainter(const VideoInfo& video, const Plan& plan, bool other_frames,
                std::optional<NetworkFillOptions> network, Device device, Stream stream,
                std::int64_t first_frame)
      : video_(video),
        plan_(plan),
        other_frames_(other_frames),
        network_(std::move(network)),
        beside_(video),
        glyphs_(device),
        moves_on_(other_frames && !network_ && !video.interlaced &&
                  std::any_of(plan.overlays.begin(), plan.overlays.end(), moves_and_hides)),
        device_(std::move(device)),
        stream_(std::move(stream)),
        number_(first_frame) {}
  /// After a failure work may still be queued that uses what goes now.
  ~PlanInpainter() override { static_cast<void>(stream_.wait()); }

  Result<Flow> push(const Frame& frame, const FrameMask& mask) override {
    return guarded("inpaint", [&]() -> Result<Flow> {
      if (flushed_) return Flow::full;
      if (frame.pts <= last_pts_)
        return Error{Code::bad_order, "inpaint",
                     fmt::format("A frame has pts {}, after {}; push frames in presentation order.",
                                 frame.pts, last_pts_)};
      Waiting waiting{frame, {}};
      waiting.overlays.reserve(mask.overlays.size());
      std::vector<std::shared_ptr<const Mask>> masks;
      Box place;  // where a text may be
      for (const TrackMask& overlay : mask.overlays) {
        Due here{overlay, planned(overlay), laid(overlay), nullptr};
        if (here.text()) {
          place = place.unite(here.planned->support->box);
          CP_TRY(here.mask, glyphs_.find(stream_, frame, *here.planned));
          if (!here.mask) continue;  // it is away
        }
        masks.push_back(here.mask);
        Due& due = waiting.overlays.emplace_back(std::move(here));
        if (made_when_due(due)) continue;
        CP_TRY(due.known, restorer_of(due));
        if (due.known->last != number_ - 1) CP_CHECK(due.known->restorer.flush(stream_));
        CP_CHECK(due.known->restorer.look(stream_, frame, number_));
        due.known->last = number_;
      }
      if (moves_on_) CP_CHECK(beside_.push(frame, number_, std::move(masks), place));
      for (auto& [key, known] : known_)
        if (known.last == number_ - 1) CP_CHECK(known.restorer.flush(stream_));
      waiting_.push_back(std::move(waiting));
      last_pts_ = frame.pts;
      ++number_;
      return Flow::ok;
    });
  }

  Result<Flow> pull(Frame& frame) override {
    return guarded("inpaint", [&]() -> Result<Flow> {
      if (waiting_.empty()) return flushed_ ? Flow::end : Flow::again;
      Waiting& next = waiting_.front();
      CP_TRY(const Flow prepared, prepare(next));
      if (prepared != Flow::ok) return prepared;
      for (const Due& due : next.overlays)
        if (!due.known->restorer.ready()) return Flow::again;
      bool there = false;
      for (const Due& due : next.overlays) {
        due.known->frames += !due.known->restorer.away();
        there = there || !due.known->restorer.away();
      }
      if (!there) {
        for (const Due& due : next.overlays) due.known->restorer.skip();
        frame = std::move(next.frame);
      } else {
        CP_TRY(Frame copy, copies_.copy(next.frame));
        for (const Due& due : next.overlays)
          if (auto done = due.known->restorer.restore(stream_, copy); !done) {
            static_cast<void>(stream_.wait());  // the copy goes, and may still be written to
            return done.error();
          }
        frame = std::move(copy);
      }
      waiting_.pop_front();
      forget_gone();
      return Flow::ok;
    });
  }

  Result<Flow> flush() override {
    return guarded("inpaint", [&]() -> Result<Flow> {
      for (auto& [key, known] : known_)
        if (known.last == number_ - 1) CP_CHECK(known.restorer.flush(stream_));
      flushed_ = true;
      return Flow::ok;
    });
  }
  int latency() const override {
    const int fill =
        (other_frames_ ? PropagateOptions{}.radius : 0) + (network_ ? network_->batch - 1 : 0);
    const bool follows =
        std::any_of(plan_.overlays.begin(), plan_.overlays.end(),
                    [](const PlannedOverlay& o) { return o.appearance && o.gain.measured; });
    return std::max({fill, follows ? static_cast<int>(GainFollower::radius) : 0,
                     moves_on_ ? beside_.after() : 0});
  }

  std::vector<MethodReport> methods() const override {
    std::vector<MethodReport> out = finished_;
    for (const auto& [mask, known] : known_) add(known, out);
    std::sort(out.begin(), out.end(),
              [](const MethodReport& a, const MethodReport& b) { return a.track < b.track; });
    return out;
  }
  std::vector<Degradation> degradations() const override {
    return network_ ? network_->use->steps : std::vector<Degradation>{};
  }
  int batch() const override { return network_ ? network_->use->batch : 1; }

 private:
  struct Known {
    OverlayRestorer restorer;
    int track;
    std::int64_t frames;
    double confidence;
    std::shared_ptr<const Mask> mask;
    bool moved;
    std::int64_t last = -1;  // frame with this overlay
  };
  struct Due {
    TrackMask overlay;
    const PlannedOverlay* planned;     // null: a tracker's own
    std::shared_ptr<const Mask> mask;  // as it lies in this frame
    Known* known;                      // null until it is made
    [[nodiscard]] bool text() const { return planned && planned->text; }
  };
  struct Waiting {
    Frame frame;
    std::vector<Due> overlays;
  };

  [[nodiscard]] std::int64_t oldest() const { return number_ - std::ssize(waiting_); }

  [[nodiscard]] const PlannedOverlay* planned(const TrackMask& overlay) const {
    const auto at =
        std::find_if(plan_.overlays.begin(), plan_.overlays.end(),
                     [&](const PlannedOverlay& o) { return o.support == overlay.mask; });
    return at == plan_.overlays.end() ? nullptr : &*at;
  }

  /// A mark that moves has a place for one frame only, and its buffers are not to wait with it. A
  /// network that fills collects its frames.
  [[nodiscard]] bool made_when_due(const Due& due) const {
    return !network_ &&
           (!(shift_of(due.overlay) == Shift{}) || (due.planned && changes_place(*due.planned)));
  }

  /// Makes the oldest frame's restorers and fills what moves on there from the frames round it,
  /// once they are there.
  Result<Flow> prepare(Waiting& next) {
    const std::int64_t number = oldest();
    for (Due& due : next.overlays) {
      if (due.known) continue;
      if (moves_on_ && !flushed_ && number_ <= number + beside_.after()) return Flow::again;
      CP_TRY(Known * known, restorer_of(due));
      CP_CHECK(known->restorer.look(stream_, next.frame, number));
      known->last = number;
      if (known->restorer.looks_among()) {
        const auto camera =
            due.text() ? FramesBeside::Camera::may_move : FramesBeside::Camera::rests;
        CP_CHECK(known->restorer.look_among(stream_, next.frame, number,
                                            beside_.showing(*known->mask, number, camera)));
      }
      due.known = known;
    }
    return Flow::ok;
  }

  /// One line a track and method, however many masks it had.
  static void add(const Known& known, std::vector<MethodReport>& reports) {
    const char* method = known.restorer.unblends()       ? "unblend"
                         : known.restorer.other_frames() ? "propagate"
                                                         : "fill";
    for (MethodReport& r : reports)
      if (r.track == known.track && r.method == method) {
        r.frames += known.frames;
        return;
      }
    reports.push_back({known.track, method, known.frames, known.confidence});
  }

  /// Masks that moved on take their buffers with them, unless the next frame has them at the same
  /// place; one that only blinks would soon be made again.
  void forget_gone() {
    constexpr std::int64_t kept = 50;  // frames
    for (auto it = known_.begin(); it != known_.end();) {
      if (it->second.last >= std::min(oldest() - 1, it->second.moved ? number_ : number_ - kept)) {
        ++it;
        continue;
      }
      add(it->second, finished_);
      it = known_.erase(it);
    }
    std::erase_if(moved_, [](const auto& each) { return each.second.expired(); });
  }

  static Shift shift_of(const TrackMask& overlay) {
    return {overlay.dx + static_cast<double>(overlay.fx),
            overlay.dy + static_cast<double>(overlay.fy)};
  }

  /// The mask where it lies now; the same object as long as it is in use.
  std::shared_ptr<const Mask> laid(const TrackMask& overlay) {
    const Shift shift = shift_of(overlay);
    if (shift == Shift{}) return overlay.mask;
    std::weak_ptr<const Mask>& known = moved_[{overlay.mask, shift.x, shift.y}];
    std::shared_ptr<const Mask> mask = known.lock();
    if (!mask) known = mask = moved_mask(*overlay.mask, shift, video_.size);
    return mask;
  }

  Result<Known*> restorer_of(const Due& due) {
    const TrackMask& overlay = due.overlay;
    const std::shared_ptr<const Mask>& mask = due.mask;
    // Two masks at one address cannot be: the map keeps each alive.
    if (const auto it = known_.find(mask); it != known_.end()) return &it->second;
    const bool moved = mask != overlay.mask;
    const PlannedOverlay* const known = due.planned;
    std::shared_ptr<const OverlayModel> model;
    if (known && known->method != Method::fill && known->method != Method::propagate)
      model = known->model;
    if (model && moved) model = moved_model(*model, shift_of(overlay), video_.format, video_.size);
    // The other frames show what a mark that moves hides in one.
    const bool moving = moved || (known && changes_place(*known));
    const bool moves_on = moves_on_ && moving;
    RestoreOrder order{mask.get(), model.get(),       other_frames_ && !moving,
                       moves_on,   video_.interlaced, network_};
    if (known && !moving) {
      order.appearance = known->appearance.get();
      order.gain = &known->gain;
    }
    for (const PlannedOverlay& o : plan_.overlays)
      if (o.support && o.support != overlay.mask) order.others.push_back(o.support);
    CP_TRY(OverlayRestorer restorer,
           OverlayRestorer::create(device_, video_.format, video_.size, order));
    const double confidence = known && known->model ? known->model->confidence : 0;
    return &known_
                .emplace(mask,
                         Known{std::move(restorer), overlay.track, 0, confidence, mask, moving})
                .first->second;
  }

  VideoInfo video_;
  Plan plan_;
  bool other_frames_;
  std::optional<NetworkFillOptions> network_;
  FramesBeside beside_;
  GlyphFinder glyphs_;
  FrameCopies copies_;
  bool moves_on_;  // some overlay does, and is filled from other frames
  Device device_;
  Stream stream_;
  std::map<std::shared_ptr<const Mask>, Known> known_;
  /// Masks that moved; each lives as long as its restorer.
  std::map<std::tuple<std::shared_ptr<const Mask>, double, double>, std::weak_ptr<const Mask>>
      moved_;
  std::vector<MethodReport> finished_;  // of overlays that are forgotten
  std::deque<Waiting> waiting_;
  std::int64_t number_, last_pts_ = INT64_MIN;
  bool flushed_ = false;
};

/// Loaded once, for all places that it fills; on the card that the rest works on.
Result<NetworkFillOptions> network_of(const Options& options, const VideoInfo& video,
                                      const Device& device) {
  CP_TRY(UserNetwork loaded, load_user_network("inpaint", options.inpaint_model, options, device));
  NetworkFillOptions out;
  out.network = std::make_shared<Network>(std::move(loaded.network));
  out.device = device;
  out.model = options.inpaint_model;
  out.batch = std::min(options.inpaint_batch, options.segment_frames);
  out.colour = video.colour;
  out.rows = video.size.height;
  if (loaded.otherwise) out.use->steps.push_back(*loaded.otherwise);
  return out;
}

}  // namespace

Result<std::unique_ptr<Inpainter>> Inpainter::create(const Options& options, const VideoInfo& video,
                                                     const Plan& plan, const Device& device,
                                                     std::int64_t first_frame) {
  using Made = Result<std::unique_ptr<Inpainter>>;
  return guarded("inpaint", [&]() -> Made {
    CP_TRY(Stream stream, device.core().stream());
    std::optional<NetworkFillOptions> network;
    if (!options.inpaint_model.empty() && options.method != "fill") {
      CP_TRY(network, network_of(options, video, device));
    }
    return Made(std::make_unique<PlanInpainter>(video, plan, options.method != "fill",
                                                std::move(network), device, std::move(stream),
                                                first_frame));
  });
}

}  // namespace cleanplate
