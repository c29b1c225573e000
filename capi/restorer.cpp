#include <cleanplate/restorer.h>

#include "call.h"
#include "objects.h"

using namespace cleanplate;
using namespace cleanplate::capi;

namespace {

/// Takes a stage for as long as the restorer lives; NULL: none.
template <class T>
Result<void> borrow(typename T::Handle* handle, Use<T>& held) {
  if (!handle) return {};
  CAPI_TRY(held, use<T>(handle));
  held->lent = true;
  return {};
}

Result<void> lend(const cleanplate_parts* given, RestorerObject& to, Parts& parts) {
  if (!given) return {};
  CAPI_TRY(const auto p, take_struct(given, CAPI_THROUGH(cleanplate_parts, inpainter), "parts"));
  CAPI_CHECK(borrow(p.detector, to.detector));
  CAPI_CHECK(borrow(p.tracker, to.tracker));
  CAPI_CHECK(borrow(p.inpainter, to.inpainter));
  if (to.detector) parts.detector = to.detector->stage.get();
  if (to.tracker) parts.tracker = to.tracker->stage.get();
  if (to.inpainter) parts.inpainter = to.inpainter->stage.get();
  return {};
}

template <class Body>
std::int32_t with(const cleanplate_restorer* handle, cleanplate_error* error, Body&& body) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, use<RestorerObject>(handle));
    return body(*object);
  });
}

/// @param device  empty: opened as the options say.
Result<std::int32_t> create(const Device& device, const cleanplate_options* options,
                            const cleanplate_video_info* video, const cleanplate_plan* plan,
                            const cleanplate_parts* parts, const cleanplate_cancel* cancel,
                            cleanplate_restorer** out) {
  CAPI_CHECK(needed(out, "out"));
  CAPI_TRY(const Options o, options_of(options));
  CAPI_TRY(const VideoInfo v, video_of(video));
  CAPI_TRY(const CancelToken token, cancel_of(cancel));
  auto object = std::make_shared<RestorerObject>();
  object->video = v;
  Parts own;
  CAPI_CHECK(lend(parts, *object, own));
  if (plan) {
    CAPI_TRY(const auto p, look_up<PlanObject>(plan));
    CAPI_TRY(object->restorer, Restorer::create(o, v, p->plan, own, device, token));
  } else {
    CAPI_TRY(object->restorer, Restorer::create(o, v, own, device, token));
  }
  return give(out, std::move(object));
}

}  // namespace

extern "C" {

int32_t cleanplate_restorer_create(const cleanplate_options* options,
                                   const cleanplate_video_info* video, const cleanplate_plan* plan,
                                   const cleanplate_parts* parts, const cleanplate_cancel* cancel,
                                   cleanplate_restorer** out, cleanplate_error* error) {
  return call(error, [&] { return create({}, options, video, plan, parts, cancel, out); });
}

int32_t cleanplate_restorer_create_on(const cleanplate_device* device,
                                      const cleanplate_options* options,
                                      const cleanplate_video_info* video,
                                      const cleanplate_plan* plan, const cleanplate_parts* parts,
                                      const cleanplate_cancel* cancel, cleanplate_restorer** out,
                                      cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto on, look_up<DeviceObject>(device));
    return create(on->device, options, video, plan, parts, cancel, out);
  });
}

int32_t cleanplate_restorer_destroy(cleanplate_restorer* restorer) {
  return destroy<RestorerObject>(restorer);
}

int32_t cleanplate_restorer_push(cleanplate_restorer* restorer, const cleanplate_frame* frame,
                                 cleanplate_error* error) {
  return with(restorer, error, [&](RestorerObject& r) -> Result<std::int32_t> {
    CAPI_TRY(const auto f, look_up<FrameObject>(frame));
    CAPI_TRY(const std::int32_t flow, to_code(r.restorer->push(f->frame)));
    if (flow == CLEANPLATE_OK) r.video.colour = f->frame.colour;
    return flow;
  });
}

int32_t cleanplate_restorer_pull(cleanplate_restorer* restorer, cleanplate_frame** out,
                                 cleanplate_error* error) {
  return with(restorer, error, [&](RestorerObject& r) -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    Frame frame;
    CAPI_TRY(const Flow flow, r.restorer->pull(frame));
    if (flow == Flow::ok) *out = publish(std::make_shared<FrameObject>(std::move(frame)));
    return static_cast<std::int32_t>(flow);
  });
}

int32_t cleanplate_restorer_flush(cleanplate_restorer* restorer, cleanplate_error* error) {
  return with(restorer, error, [&](RestorerObject& r) { return to_code(r.restorer->flush()); });
}

int32_t cleanplate_restorer_latency(const cleanplate_restorer* restorer, int32_t* frames,
                                    cleanplate_error* error) {
  return with(restorer, error, [&](const RestorerObject& r) -> Result<std::int32_t> {
    CAPI_CHECK(needed(frames, "frames"));
    *frames = r.restorer->latency();
    return CLEANPLATE_OK;
  });
}

int32_t cleanplate_restorer_plan(const cleanplate_restorer* restorer, cleanplate_plan** out,
                                 cleanplate_error* error) {
  return with(restorer, error, [&](const RestorerObject& r) -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    return give(out, std::make_shared<PlanObject>(r.restorer->plan(), r.video));
  });
}

int32_t cleanplate_restorer_report(const cleanplate_restorer* restorer, cleanplate_report** out,
                                   cleanplate_error* error) {
  return with(restorer, error, [&](const RestorerObject& r) -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    return give(out, std::make_shared<ReportObject>(r.restorer->report()));
  });
}

}  // extern "C"
