#include <cleanplate/pipeline.h>
#include <cleanplate/video_decoder.h>

#include "call.h"
#include "objects.h"

using namespace cleanplate;
using namespace cleanplate::capi;

namespace {

/// The caller's functions as ours; valid while `given` is.
Result<Callbacks> callbacks_of(const cleanplate_pipeline_callbacks* given) {
  Callbacks out;
  if (!given) return out;
  CAPI_TRY(const auto c,
           take_struct(given, CAPI_THROUGH(cleanplate_pipeline_callbacks, user), "callbacks"));
  if (c.progress)
    out.progress = [c](const Progress& p) {
      const cleanplate_progress progress{sizeof(cleanplate_progress), p.done, p.frames, p.phase};
      c.progress(c.user, &progress);
    };
  if (c.restored)
    out.restored = [c](const Frame& frame) {
      const Lent<FrameObject> lent(std::make_shared<FrameObject>(frame));
      c.restored(c.user, lent.handle());
    };
  return out;
}

}  // namespace

extern "C" {

int32_t cleanplate_pipeline_create(const cleanplate_options* options, cleanplate_pipeline** out,
                                   cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const Options o, options_of(options));
    CAPI_TRY(Pipeline pipeline, Pipeline::create(o));
    return give(out, std::make_shared<PipelineObject>(std::move(pipeline), o));
  });
}

int32_t cleanplate_pipeline_destroy(cleanplate_pipeline* pipeline) {
  return destroy<PipelineObject>(pipeline);
}

int32_t cleanplate_pipeline_run(cleanplate_pipeline* pipeline, const char* input,
                                const char* output, const cleanplate_pipeline_callbacks* callbacks,
                                const cleanplate_cancel* cancel, cleanplate_report** report,
                                cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(input, "input"));
    CAPI_CHECK(needed(output, "output"));
    CAPI_TRY(const auto object, use<PipelineObject>(pipeline));
    CAPI_TRY(const Callbacks own, callbacks_of(callbacks));
    CAPI_TRY(const CancelToken token, cancel_of(cancel));
    CAPI_TRY(Report done, object->pipeline.run(input, output, own, token));
    if (report) *report = publish(std::make_shared<ReportObject>(std::move(done)));
    return CLEANPLATE_OK;
  });
}

int32_t cleanplate_pipeline_plan(cleanplate_pipeline* pipeline, const char* input,
                                 const cleanplate_pipeline_callbacks* callbacks,
                                 const cleanplate_cancel* cancel, cleanplate_plan** plan,
                                 cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(input, "input"));
    CAPI_CHECK(needed(plan, "plan"));
    CAPI_TRY(const auto object, use<PipelineObject>(pipeline));
    CAPI_TRY(const Callbacks own, callbacks_of(callbacks));
    CAPI_TRY(const CancelToken token, cancel_of(cancel));
    CAPI_TRY(Plan found, object->pipeline.plan(input, own, token));
    // What a master says of its place and colours depends on the video's.
    auto source = VideoDecoder::open(input, object->options);
    return give(plan, std::make_shared<PlanObject>(
                          std::move(found), source ? std::optional(source->info()) : std::nullopt));
  });
}

}  // extern "C"
