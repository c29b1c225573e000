#include <cleanplate/logo.h>
#include <cleanplate/pipeline.h>
#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "jobs.h"
#include "narrator.h"
#include "preview.h"

namespace cli {

using namespace cleanplate;

namespace {

using Json = nlohmann::ordered_json;

const char* name_of(Method method) {
  switch (method) {
    case Method::unblend:
      return "unblend";
    case Method::propagate:
      return "propagate";
    case Method::synthesize:
      return "synthesize";
    case Method::fill:
      return "fill";
    case Method::automatic:
      break;
  }
  return "auto";
}

Json json_of(const Box& b) { return {b.x, b.y, b.width, b.height}; }

Json json_of(const std::string& input, const Plan& plan) {
  Json overlays = Json::array(), candidates = Json::array();
  for (const auto& o : plan.overlays) {
    Json one = {{"kind", o.detection.kind},
                {"box", json_of(o.detection.box)},
                {"score", o.detection.score},
                {"method", name_of(o.method)}};
    if (o.when.from > 0) one["from"] = o.when.from;
    if (o.when.to < 1e299) one["to"] = o.when.to;
    if (o.model)
      one["model"] = {{"alpha_peak", o.model->alpha_peak},
                      {"alpha_error", o.model->alpha_error},
                      {"confidence", o.model->confidence},
                      {"note", o.model->note}};
    overlays.push_back(std::move(one));
  }
  for (const auto& c : plan.candidates)
    candidates.push_back({{"kind", c.detection.kind},
                          {"box", json_of(c.detection.box)},
                          {"score", c.detection.score},
                          {"accepted", c.accepted},
                          {"reason", c.reason}});
  return {{"input", input},
          {"frames_examined", plan.frames_examined},
          {"overlays", std::move(overlays)},
          {"candidates", std::move(candidates)}};
}

void say(const std::string& input, const Plan& plan) {
  fmt::print("{}: {} of {} candidates would be removed ({} frames looked at)\n", input,
             plan.overlays.size(), plan.candidates.size(), plan.frames_examined);
  for (const auto& c : plan.candidates) {
    const Box& b = c.detection.box;
    fmt::print("  {}  {} at {},{},{},{}, score {:.2f}: {}\n", c.accepted ? "remove" : "leave ",
               c.detection.kind, b.x, b.y, b.width, b.height, c.detection.score, c.reason);
  }
  for (std::size_t i = 0; i < plan.overlays.size(); ++i) {
    const auto& o = plan.overlays[i];
    fmt::print("  overlay {}: by {}", i, name_of(o.method));
    if (o.model)
      fmt::print(", opacity {:.2f}, confidence {:.2f}{}{}", o.model->alpha_peak,
                 o.model->confidence, o.model->note.empty() ? "" : ": ", o.model->note);
    fmt::print("\n");
  }
}

/// Every overlay with a model in a pack, else the first.
Result<void> export_logo(const std::string& path, const std::string& input, const Options& options,
                         const Plan& plan) {
  auto decoder = VideoDecoder::open(input, options);
  if (!decoder) return std::move(decoder).error();
  std::vector<Logo> logos;
  for (const auto& overlay : plan.overlays) {
    if (!overlay.model) continue;
    auto logo = logo_of(*overlay.model, decoder->info());
    if (!logo) return std::move(logo).error();
    logo->name = fmt::format("cleanplate {} {}x{}", logos.size() + 1, decoder->info().size.width,
                             decoder->info().size.height);
    logos.push_back(std::move(*logo));
  }
  if (logos.empty())
    return Error{
        Code::not_found, "export",
        fmt::format("No overlay's opacity and colour could be told in '{}', so there is no "
                    "master to write.",
                    input)};
  if (!path.ends_with(".ldp")) logos.resize(1);
  return write_logos(path, logos);
}

}  // namespace

ExitCode detect(const DetectRequest& request, const Options& options, const CancelToken& cancel) {
  const auto fail = [](const Error& error) {
    complain(error.message);
    return exit_code(error);
  };
  auto pipeline = Pipeline::create(options);
  if (!pipeline) return fail(pipeline.error());
  const auto inputs = find_inputs(request.inputs);
  if (!inputs) return fail(inputs.error());
  if (inputs->size() > 1 && !(request.preview.empty() && request.logo.empty())) {
    complain("--preview and --export show one file; give one input.");
    return usage;
  }

  // Standard output is for the answer; progress is shown only to somebody who watches.
  Narrator narrator(request.quiet || request.json ? nullptr : stdout);
  Callbacks callbacks;
  callbacks.progress = [&](const Progress& progress) { narrator.progress(progress); };
  bool found = false;
  Json files = Json::array();
  for (const auto& input : *inputs) {
    const auto plan = pipeline->plan(input, callbacks, cancel);
    narrator.next_job();
    if (!plan) return fail(plan.error());
    found = found || !plan->overlays.empty();
    if (request.json)
      files.push_back(json_of(input, *plan));
    else
      say(input, *plan);
    if (!request.preview.empty())
      if (const auto w = write_candidates(request.preview, input, options, plan->candidates); !w)
        return fail(w.error());
    if (!request.logo.empty() && !plan->overlays.empty())
      if (const auto w = export_logo(request.logo, input, options, *plan); !w)
        return fail(w.error());
  }
  if (request.json) {
    const Json all = {{"version", Plan::version}, {"files", std::move(files)}};
    fmt::print("{}\n", all.dump(2, ' ', false, Json::error_handler_t::replace));
  }
  return found ? done : nothing_found;
}

}  // namespace cli
