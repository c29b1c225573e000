// Detector, tracker and inpainter, one by one.
#include "call.h"
#include "objects.h"

using namespace cleanplate;
using namespace cleanplate::capi;

namespace cleanplate::capi {

Result<VideoInfo> video_of(const cleanplate_video_info* given) {
  CAPI_TRY(const auto v,
           take_struct(given, CAPI_THROUGH(cleanplate_video_info, time_base_den), "video"));
  VideoInfo video;
  video.format = {static_cast<Layout>(v.layout), v.bits};
  video.size = {v.width, v.height};
  video.time_base = {v.time_base_num, v.time_base_den};
  video.frame_rate = {v.frame_rate_num, v.frame_rate_den > 0 ? v.frame_rate_den : 1};
  video.interlaced = v.interlaced != 0;
  video.frames = v.frames;
  video.duration = v.duration;
  // The frame's own check says what is wrong with a size or a format, in one place.
  if (v.width < 1 || v.height < 1 || v.width > 32768 || v.height > 32768)
    return invalid("A video of " + std::to_string(v.width) + "x" + std::to_string(v.height) +
                   " samples cannot be; each side is 1 to 32768.");
  CAPI_CHECK(Frame::allocate(video.format, {1, 1}));
  if (v.time_base_num <= 0 || v.time_base_den <= 0)
    return invalid("A time base of " + std::to_string(v.time_base_num) + "/" +
                   std::to_string(v.time_base_den) + " s cannot be; give the seconds of one tick.");
  return video;
}

}  // namespace cleanplate::capi

namespace {

/// One call of a stage that the call has to itself.
template <class T, class Body>
std::int32_t stage_call(const typename T::Handle* handle, cleanplate_error* error, Body&& body) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, use<T>(handle));
    return to_code(body(*object->stage));
  });
}

template <class T>
std::int32_t latency_of(const typename T::Handle* handle, std::int32_t* frames,
                        cleanplate_error* error) {
  return stage_call<T>(handle, error, [&](const auto& stage) -> Result<Flow> {
    CAPI_CHECK(needed(frames, "frames"));
    *frames = stage.latency();
    return Flow::ok;
  });
}

/// Pulls one thing and, if there is one, gives a handle to it.
template <class T, class Thing, class G>
std::int32_t pull_from(const typename T::Handle* handle, typename G::Handle** out,
                       cleanplate_error* error) {
  return stage_call<T>(handle, error, [&](auto& stage) -> Result<Flow> {
    CAPI_CHECK(needed(out, "out"));
    Thing thing;
    CAPI_TRY(const Flow flow, stage.pull(thing));
    if (flow == Flow::ok) *out = publish(std::make_shared<G>(std::move(thing)));
    return flow;
  });
}

}  // namespace

extern "C" {

int32_t cleanplate_detector_create(const cleanplate_options* options,
                                   const cleanplate_video_info* video, cleanplate_detector** out,
                                   cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const Options o, options_of(options));
    CAPI_TRY(const VideoInfo v, video_of(video));
    CAPI_TRY(const Device device, Device::open(o));
    CAPI_TRY(auto detector, Detector::create(o, v, device));
    return give(out, std::make_shared<DetectorObject>(std::move(detector)));
  });
}
int32_t cleanplate_detector_destroy(cleanplate_detector* detector) {
  return destroy<DetectorObject>(detector);
}
int32_t cleanplate_detector_push(cleanplate_detector* detector, const cleanplate_frame* frame,
                                 cleanplate_error* error) {
  return stage_call<DetectorObject>(detector, error, [&](Detector& stage) -> Result<Flow> {
    CAPI_TRY(const auto f, look_up<FrameObject>(frame));
    return stage.push(f->frame);
  });
}
int32_t cleanplate_detector_pull(cleanplate_detector* detector, cleanplate_detections** out,
                                 cleanplate_error* error) {
  return pull_from<DetectorObject, Detections, DetectionsObject>(detector, out, error);
}
int32_t cleanplate_detector_flush(cleanplate_detector* detector, cleanplate_error* error) {
  return stage_call<DetectorObject>(detector, error, [](Detector& stage) { return stage.flush(); });
}
int32_t cleanplate_detector_latency(const cleanplate_detector* detector, int32_t* frames,
                                    cleanplate_error* error) {
  return latency_of<DetectorObject>(detector, frames, error);
}

int32_t cleanplate_tracker_create(const cleanplate_options* options,
                                  const cleanplate_video_info* video, cleanplate_tracker** out,
                                  cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const Options o, options_of(options));
    CAPI_TRY(const VideoInfo v, video_of(video));
    CAPI_TRY(auto tracker, MaskTracker::create(o, v));
    return give(out, std::make_shared<TrackerObject>(std::move(tracker)));
  });
}
int32_t cleanplate_tracker_destroy(cleanplate_tracker* tracker) {
  return destroy<TrackerObject>(tracker);
}
int32_t cleanplate_tracker_push(cleanplate_tracker* tracker,
                                const cleanplate_detections* detections, cleanplate_error* error) {
  return stage_call<TrackerObject>(tracker, error, [&](MaskTracker& stage) -> Result<Flow> {
    CAPI_TRY(const auto d, look_up<DetectionsObject>(detections));
    return stage.push(d->detections);
  });
}
int32_t cleanplate_tracker_pull(cleanplate_tracker* tracker, cleanplate_mask** out,
                                cleanplate_error* error) {
  return pull_from<TrackerObject, FrameMask, MaskObject>(tracker, out, error);
}
int32_t cleanplate_tracker_flush(cleanplate_tracker* tracker, cleanplate_error* error) {
  return stage_call<TrackerObject>(tracker, error,
                                   [](MaskTracker& stage) { return stage.flush(); });
}
int32_t cleanplate_tracker_latency(const cleanplate_tracker* tracker, int32_t* frames,
                                   cleanplate_error* error) {
  return latency_of<TrackerObject>(tracker, frames, error);
}

int32_t cleanplate_inpainter_create(const cleanplate_options* options,
                                    const cleanplate_video_info* video, const cleanplate_plan* plan,
                                    cleanplate_inpainter** out, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const Options o, options_of(options));
    CAPI_TRY(const VideoInfo v, video_of(video));
    Plan p;
    if (plan) {
      CAPI_TRY(const auto object, look_up<PlanObject>(plan));
      p = object->plan;
    }
    CAPI_TRY(const Device device, Device::open(o));
    CAPI_TRY(auto inpainter, Inpainter::create(o, v, p, device));
    return give(out, std::make_shared<InpainterObject>(std::move(inpainter)));
  });
}
int32_t cleanplate_inpainter_destroy(cleanplate_inpainter* inpainter) {
  return destroy<InpainterObject>(inpainter);
}
int32_t cleanplate_inpainter_push(cleanplate_inpainter* inpainter, const cleanplate_frame* frame,
                                  const cleanplate_mask* mask, cleanplate_error* error) {
  return stage_call<InpainterObject>(inpainter, error, [&](Inpainter& stage) -> Result<Flow> {
    CAPI_TRY(const auto f, look_up<FrameObject>(frame));
    CAPI_TRY(const auto m, look_up<MaskObject>(mask));
    return stage.push(f->frame, m->mask);
  });
}
int32_t cleanplate_inpainter_pull(cleanplate_inpainter* inpainter, cleanplate_frame** out,
                                  cleanplate_error* error) {
  return pull_from<InpainterObject, Frame, FrameObject>(inpainter, out, error);
}
int32_t cleanplate_inpainter_flush(cleanplate_inpainter* inpainter, cleanplate_error* error) {
  return stage_call<InpainterObject>(inpainter, error,
                                     [](Inpainter& stage) { return stage.flush(); });
}
int32_t cleanplate_inpainter_latency(const cleanplate_inpainter* inpainter, int32_t* frames,
                                     cleanplate_error* error) {
  return latency_of<InpainterObject>(inpainter, frames, error);
}

}  // extern "C"
