#include <cleanplate/pipeline.h>

#include <optional>

#include "core/budget.h"
#include "core/try.h"
#include "device/open_device.h"
#include "device/resources.h"
#include "pipeline/path.h"
#include "pipeline/scan.h"
#include "pipeline/stage_clock.h"

namespace cleanplate {

struct Pipeline::State {
  Options options;
  Device device;
  std::optional<Degradation> instead;  ///< of a card
};

namespace {
Options fitted(Options options, const Device& device) {
  fit_batches(options, network_memory(options, device));
  return options;
}
}  // namespace

Pipeline::Pipeline(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&&) noexcept = default;
Pipeline::~Pipeline() = default;

Result<Pipeline> Pipeline::create(const Options& options) {
  return guarded("pipeline", [&]() -> Result<Pipeline> {
    CP_CHECK(check_options(options));
    CP_TRY(OpenedDevice opened, open_device(options));
    return Pipeline(std::make_unique<State>(State{
        fitted(options, opened.device), std::move(opened.device), std::move(opened.instead)}));
  });
}

Result<Pipeline> Pipeline::create(const Options& options, Device device) {
  return guarded("pipeline", [&]() -> Result<Pipeline> {
    CP_CHECK(check_options(options));
    return Pipeline(std::make_unique<State>(State{fitted(options, device), std::move(device), {}}));
  });
}

Result<Plan> Pipeline::plan(const std::string& input, const Callbacks& callbacks,
                            const CancelToken& cancel) {
  return guarded("scan",
                 [&] { return scan(input, state_->options, state_->device, callbacks, cancel); });
}

Result<Report> Pipeline::run(const std::string& input, const std::string& output,
                             const Callbacks& callbacks, const CancelToken& cancel) {
  return guarded("pipeline", [&]() -> Result<Report> {
    StageClock whole("job"), scanning("scan");
    whole.begin();
    CP_TRY(const Plan found, scanning.timed([&] { return plan(input, callbacks, cancel); }));
    Report report;
    report.input = input;
    report.nothing_found = found.overlays.empty();
    if (!report.nothing_found || state_->options.always) {
      CP_TRY(Report restored,
             restore(input, output, state_->options, found, state_->device, callbacks, cancel));
      restored.nothing_found = report.nothing_found;
      report = std::move(restored);
    }
    report.candidates = found.candidates;
    report.degradations.insert(report.degradations.begin(), found.degradations.begin(),
                               found.degradations.end());
    report.stages.insert(report.stages.begin(),
                         scanning.report(state_->device.name(), found.batch));
    whole.end();
    report.seconds = whole.report("").busy_seconds;
    for (StageReport& s : report.stages)
      s.busy_share = report.seconds > 0 ? s.busy_seconds / report.seconds : 0;
    // Under `strict` a card that was asked for is there; device=auto takes what there is.
    if (state_->options.strict && !report.degradations.empty())
      return Error{Code::degraded, report.degradations[0].stage, report.degradations[0].reason};
    if (state_->instead) report.degradations.insert(report.degradations.begin(), *state_->instead);
    return report;
  });
}

}  // namespace cleanplate
