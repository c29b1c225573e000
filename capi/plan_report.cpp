#include <cleanplate/plan.h>
#include <cleanplate/report.h>

#include "call.h"
#include "objects.h"

using namespace cleanplate;
using namespace cleanplate::capi;

namespace cleanplate::capi {

cleanplate_candidate candidate_of(const Candidate& candidate) {
  const Detection& d = candidate.detection;
  cleanplate_candidate out{};
  out.x = d.box.x, out.y = d.box.y, out.width = d.box.width, out.height = d.box.height;
  out.score = d.score;
  out.accepted = candidate.accepted;
  copy_text(out.kind, d.kind);
  copy_text(out.reason, candidate.reason);
  return out;
}

}  // namespace cleanplate::capi

namespace {

std::int32_t count_of(const auto& list) { return static_cast<std::int32_t>(list.size()); }

/// Gives the struct that `convert` makes of one element of a list.
template <class T, class List, class S, class Convert>
std::int32_t element(const typename T::Handle* handle, List&& list, std::int32_t index,
                     const char* what, S* out, cleanplate_error* error, Convert&& convert) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<T>(handle));
    const auto& all = list(*object);
    CAPI_TRY(const auto i, index_in(index, all.size(), what));
    return give_struct(out, convert(all[i]), sizeof(S), "out");
  });
}

}  // namespace

extern "C" {

int32_t cleanplate_plan_destroy(cleanplate_plan* plan) { return destroy<PlanObject>(plan); }

int32_t cleanplate_plan_get(const cleanplate_plan* plan, cleanplate_plan_info* out,
                            cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<PlanObject>(plan));
    const Plan& p = object->plan;
    const cleanplate_plan_info value{0, count_of(p.overlays), count_of(p.candidates),
                                     p.frames_examined};
    return give_struct(out, value, sizeof value, "out");
  });
}

int32_t cleanplate_plan_overlay(const cleanplate_plan* plan, int32_t index, cleanplate_overlay* out,
                                cleanplate_error* error) {
  return element<PlanObject>(
      plan, [](const PlanObject& p) -> const auto& { return p.plan.overlays; }, index, "overlay",
      out, error,
      [](const PlannedOverlay& o) {
        const Box& box = o.detection.box;
        cleanplate_overlay value{};
        value.x = box.x, value.y = box.y, value.width = box.width, value.height = box.height;
        value.method = static_cast<std::int32_t>(o.method);
        value.from = o.when.from, value.to = o.when.to;
        value.score = o.detection.score;
        if (o.model) {
          value.estimated = 1;
          value.opacity = o.model->alpha_peak;
          value.opacity_error = o.model->alpha_error;
          value.confidence = o.model->confidence;
        }
        return value;
      });
}

int32_t cleanplate_plan_candidate(const cleanplate_plan* plan, int32_t index,
                                  cleanplate_candidate* out, cleanplate_error* error) {
  return element<PlanObject>(
      plan, [](const PlanObject& p) -> const auto& { return p.plan.candidates; }, index,
      "candidate", out, error, candidate_of);
}

int32_t cleanplate_plan_mask(const cleanplate_plan* plan, double seconds, int64_t pts,
                             cleanplate_mask** out, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const auto object, look_up<PlanObject>(plan));
    FrameMask mask{pts, {}};
    int track = 0;
    for (const PlannedOverlay& o : object->plan.overlays) {
      if (o.when.holds(seconds) && o.support) mask.overlays.push_back({track, o.support, 0, 0});
      ++track;
    }
    return give(out, std::make_shared<MaskObject>(std::move(mask)));
  });
}

int32_t cleanplate_report_destroy(cleanplate_report* report) {
  return destroy<ReportObject>(report);
}

int32_t cleanplate_report_get(const cleanplate_report* report, cleanplate_report_info* out,
                              cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<ReportObject>(report));
    const Report& r = object->report;
    cleanplate_report_info value{};
    value.frames_in = r.frames_in, value.frames_out = r.frames_out;
    value.frames_changed = r.frames_changed, value.frames_lost = r.frames_lost;
    value.seconds = r.seconds;
    value.nothing_found = r.nothing_found;
    value.candidates = count_of(r.candidates), value.methods = count_of(r.methods);
    value.stages = count_of(r.stages), value.degradations = count_of(r.degradations);
    value.warnings = count_of(r.warnings);
    copy_text(value.encoder, r.encoder);
    return give_struct(out, value, CAPI_THROUGH(cleanplate_report_info, seconds), "out");
  });
}

int32_t cleanplate_report_candidate(const cleanplate_report* report, int32_t index,
                                    cleanplate_candidate* out, cleanplate_error* error) {
  return element<ReportObject>(
      report, [](const ReportObject& r) -> const auto& { return r.report.candidates; }, index,
      "candidate", out, error, candidate_of);
}

int32_t cleanplate_report_method(const cleanplate_report* report, int32_t index,
                                 cleanplate_report_method_info* out, cleanplate_error* error) {
  return element<ReportObject>(
      report, [](const ReportObject& r) -> const auto& { return r.report.methods; }, index,
      "method", out, error,
      [](const MethodReport& m) {
        cleanplate_report_method_info value{};
        value.track = m.track, value.frames = m.frames, value.confidence = m.confidence;
        copy_text(value.method, m.method);
        return value;
      });
}

int32_t cleanplate_report_stage(const cleanplate_report* report, int32_t index,
                                cleanplate_report_stage_info* out, cleanplate_error* error) {
  return element<ReportObject>(
      report, [](const ReportObject& r) -> const auto& { return r.report.stages; }, index, "stage",
      out, error,
      [](const StageReport& s) {
        cleanplate_report_stage_info value{};
        value.busy_seconds = s.busy_seconds, value.busy_share = s.busy_share;
        value.batch = s.batch;
        copy_text(value.stage, s.stage);
        copy_text(value.device, s.device);
        return value;
      });
}

int32_t cleanplate_report_degradation(const cleanplate_report* report, int32_t index,
                                      cleanplate_degradation* out, cleanplate_error* error) {
  return element<ReportObject>(
      report, [](const ReportObject& r) -> const auto& { return r.report.degradations; }, index,
      "degradation", out, error,
      [](const Degradation& d) {
        cleanplate_degradation value{};
        value.first_frame = d.first_frame;
        copy_text(value.stage, d.stage);
        copy_text(value.from, d.from);
        copy_text(value.to, d.to);
        copy_text(value.reason, d.reason);
        return value;
      });
}

int32_t cleanplate_report_warning(const cleanplate_report* report, int32_t index, char* buffer,
                                  size_t size, size_t* needed_size, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<ReportObject>(report));
    CAPI_TRY(const auto i, index_in(index, object->report.warnings.size(), "warning"));
    return give_text(object->report.warnings[i], buffer, size, needed_size);
  });
}

int32_t cleanplate_report_to_json(const cleanplate_report* report, char* buffer, size_t size,
                                  size_t* needed_size, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<ReportObject>(report));
    return give_text(to_json(object->report), buffer, size, needed_size);
  });
}

}  // extern "C"
