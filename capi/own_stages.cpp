// Stages that the caller has written: what calls them looks like any other stage.
#include <string>
#include <vector>

#include "call.h"
#include "objects.h"

using namespace cleanplate;
using namespace cleanplate::capi;

namespace {

/// Gives the callbacks' user back when nobody needs the stage any more.
template <class Callbacks>
class Owned {
 public:
  explicit Owned(const Callbacks& callbacks) : callbacks_(callbacks) {}
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() {
    if (armed && callbacks_.release) callbacks_.release(callbacks_.user);
  }
  const Callbacks* operator->() const { return &callbacks_; }
  bool armed = false;  // after a create that failed the user is still the caller's

 private:
  Callbacks callbacks_;
};

/// Calls one of them. @param body  is given the error to fill.
template <class Body>
Result<Flow> ask(const char* stage, Body&& body) {
  cleanplate_error error{};
  error.struct_size = sizeof error;
  error.frame = -1;
  const std::int32_t code = body(&error);
  if (code >= CLEANPLATE_OK && code <= CLEANPLATE_END) return static_cast<Flow>(code);
  if (code > 0)
    return Error{Code::internal, stage,
                 std::string("The program's own ") + stage + " stage gave the result " +
                     std::to_string(code) + ", which means nothing; it is 0 to 3 or negative."};
  error.message[sizeof error.message - 1] = error.stage[sizeof error.stage - 1] = 0;
  return Error{static_cast<Code>(code), *error.stage ? error.stage : stage,
               *error.message ? error.message
                              : std::string("The program's own ") + stage +
                                    " stage failed with the result " + std::to_string(code) + ".",
               error.frame, error.native_code};
}

/// What the callback has made, taken off the table.
template <class T, class Body>
Result<Flow> ask_for(const char* stage, std::shared_ptr<T>& made, Body&& body) {
  typename T::Handle* handle = nullptr;
  CAPI_TRY(const Flow flow,
           ask(stage, [&](cleanplate_error* error) { return body(&handle, error); }));
  if (flow != Flow::ok) return flow;
  made = std::static_pointer_cast<T>(withdraw(T::kind, reinterpret_cast<std::uintptr_t>(handle)));
  if (!made)
    return Error{Code::internal, stage,
                 std::string("The program's own ") + stage + " stage said that it gives a " +
                     name_of(T::kind) + ", and gave none."};
  return flow;
}

class OwnDetector final : public Detector {
 public:
  explicit OwnDetector(const cleanplate_detector_callbacks& own) : own_(own) {}
  void arm() { own_.armed = true; }
  Result<Flow> push(const Frame& frame) override {
    const Lent<FrameObject> lent(std::make_shared<FrameObject>(frame));
    return ask("detect", [&](auto* error) { return own_->push(own_->user, lent.handle(), error); });
  }
  Result<Flow> pull(Detections& out) override {
    std::shared_ptr<DetectionsObject> made;
    CAPI_TRY(const Flow flow, ask_for("detect", made, [&](auto** handle, auto* error) {
               return own_->pull(own_->user, handle, error);
             }));
    if (made) out = std::move(made->detections);
    return flow;
  }
  Result<Flow> flush() override {
    return ask("detect", [&](auto* error) { return own_->flush(own_->user, error); });
  }
  int latency() const override { return own_->latency; }

 private:
  Owned<cleanplate_detector_callbacks> own_;
};

class OwnTracker final : public MaskTracker {
 public:
  explicit OwnTracker(const cleanplate_tracker_callbacks& own) : own_(own) {}
  void arm() { own_.armed = true; }
  Result<Flow> push(const Detections& seen) override {
    const Lent<DetectionsObject> lent(std::make_shared<DetectionsObject>(seen));
    return ask("track", [&](auto* error) { return own_->push(own_->user, lent.handle(), error); });
  }
  Result<Flow> pull(FrameMask& out) override {
    std::shared_ptr<MaskObject> made;
    CAPI_TRY(const Flow flow, ask_for("track", made, [&](auto** handle, auto* error) {
               return own_->pull(own_->user, handle, error);
             }));
    if (!made) return flow;
    share_with_last(made->mask);
    last_ = made->mask.overlays;
    out = std::move(made->mask);
    return flow;
  }
  Result<Flow> flush() override {
    return ask("track", [&](auto* error) { return own_->flush(own_->user, error); });
  }
  int latency() const override { return own_->latency; }

 private:
  /// A mark that stands still keeps its memory, by which an inpainter knows it, even where the
  /// caller makes its mask anew for every frame.
  void share_with_last(FrameMask& mask) const {
    for (TrackMask& now : mask.overlays)
      for (const TrackMask& before : last_)
        if (before.mask->box == now.mask->box && before.mask->values == now.mask->values)
          now.mask = before.mask;
  }
  Owned<cleanplate_tracker_callbacks> own_;
  std::vector<TrackMask> last_;
};

class OwnInpainter final : public Inpainter {
 public:
  explicit OwnInpainter(const cleanplate_inpainter_callbacks& own) : own_(own) {}
  void arm() { own_.armed = true; }
  Result<Flow> push(const Frame& frame, const FrameMask& mask) override {
    const Lent<FrameObject> lent_frame(std::make_shared<FrameObject>(frame));
    const Lent<MaskObject> lent_mask(std::make_shared<MaskObject>(mask));
    return ask("inpaint", [&](auto* error) {
      return own_->push(own_->user, lent_frame.handle(), lent_mask.handle(), error);
    });
  }
  Result<Flow> pull(Frame& out) override {
    std::shared_ptr<FrameObject> made;
    CAPI_TRY(const Flow flow, ask_for("inpaint", made, [&](auto** handle, auto* error) {
               return own_->pull(own_->user, handle, error);
             }));
    if (made) out = std::move(made->frame);
    return flow;
  }
  Result<Flow> flush() override {
    return ask("inpaint", [&](auto* error) { return own_->flush(own_->user, error); });
  }
  int latency() const override { return own_->latency; }

 private:
  Owned<cleanplate_inpainter_callbacks> own_;
};

/// @tparam T  what is behind the handle. @tparam Own  the stage that asks the callbacks.
template <class T, class Own, class Callbacks>
std::int32_t create_own(const Callbacks* own, typename T::Handle** out, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const Callbacks c, take_struct(own, CAPI_THROUGH(Callbacks, latency), "own"));
    if (!c.push || !c.pull || !c.flush)
      return invalid("An own stage needs push, pull and flush; one of them is NULL.");
    if (c.latency < 0 || c.latency > 100000)
      return invalid("An own stage's latency is 0 to 100000 frames; got " +
                     std::to_string(c.latency) + ".");
    auto stage = std::make_unique<Own>(c);
    Own& asked = *stage;
    const auto given = give(out, std::make_shared<T>(std::move(stage)));
    asked.arm();
    return given;
  });
}

}  // namespace

extern "C" {

int32_t cleanplate_detector_create_own(const cleanplate_detector_callbacks* own,
                                       cleanplate_detector** out, cleanplate_error* error) {
  return create_own<DetectorObject, OwnDetector>(own, out, error);
}
int32_t cleanplate_tracker_create_own(const cleanplate_tracker_callbacks* own,
                                      cleanplate_tracker** out, cleanplate_error* error) {
  return create_own<TrackerObject, OwnTracker>(own, out, error);
}
int32_t cleanplate_inpainter_create_own(const cleanplate_inpainter_callbacks* own,
                                        cleanplate_inpainter** out, cleanplate_error* error) {
  return create_own<InpainterObject, OwnInpainter>(own, out, error);
}

}  // extern "C"
