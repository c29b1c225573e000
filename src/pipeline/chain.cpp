#include "pipeline/chain.h"

#include <string>
#include <utility>

#include "core/try.h"

namespace cleanplate {

namespace {

/// A stage that was full and, after all it had was taken, still is.
Error stuck(const char* stage) {
  return {Code::internal, stage,
          std::string("The ") + stage + " stage takes nothing and gives nothing."};
}

}  // namespace

Result<void> Chain::push(const Frame& frame) {
  waiting_.push_back(frame);
  CP_TRY(Flow flow, detector_.push(frame));
  if (flow == Flow::full) {
    CP_CHECK(track());
    CP_TRY(flow, detector_.push(frame));
    if (flow == Flow::full) return stuck("detect");
  }
  return track();
}

Result<void> Chain::track() {
  for (Detections seen;;) {
    CP_TRY(const Flow flow, detector_.pull(seen));
    if (flow != Flow::ok) return {};
    CP_TRY(Flow taken, tracker_.push(seen));
    if (taken == Flow::full) {
      CP_CHECK(mask());
      CP_TRY(taken, tracker_.push(seen));
      if (taken == Flow::full) return stuck("track");
    }
    CP_CHECK(mask());
  }
}

Result<void> Chain::mask() {
  for (FrameMask mask;;) {
    CP_TRY(const Flow flow, tracker_.pull(mask));
    if (flow != Flow::ok) return {};
    CP_CHECK(inpaint(mask));
  }
}

Result<void> Chain::inpaint(const FrameMask& mask) {
  if (waiting_.empty())
    return Error{Code::internal, "track", "The tracker gave more masks than there were frames."};
  CP_TRY(Flow flow, inpainter_.push(waiting_.front(), mask));
  if (flow == Flow::full) {
    for (Frame done;;) {
      CP_TRY(const Flow more, inpainter_.pull(done));
      if (more != Flow::ok) break;
      ready_.push_back(std::exchange(done, {}));
    }
    CP_TRY(flow, inpainter_.push(waiting_.front(), mask));
    if (flow == Flow::full) return stuck("inpaint");
  }
  waiting_.pop_front();
  changed_ += !mask.overlays.empty();
  return {};
}

Result<Flow> Chain::pull(Frame& frame) {
  if (ready_.empty()) return inpainter_.pull(frame);
  frame = std::move(ready_.front());
  ready_.pop_front();
  return Flow::ok;
}

Result<void> Chain::flush() {
  CP_CHECK(detector_.flush());
  CP_CHECK(track());
  CP_CHECK(tracker_.flush());
  CP_CHECK(mask());
  if (!waiting_.empty())
    return Error{Code::internal, "track", "The tracker gave fewer masks than there were frames."};
  CP_CHECK(inpainter_.flush());
  return {};
}

int Chain::latency() const {
  return detector_.latency() + tracker_.latency() + inpainter_.latency();
}

}  // namespace cleanplate
