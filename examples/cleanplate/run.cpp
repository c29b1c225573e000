#include <cleanplate/log.h>
#include <cleanplate/pipeline.h>
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "commands.h"
#include "jobs.h"
#include "narrator.h"
#include "preview.h"

namespace cli {

using namespace cleanplate;

namespace {

void say_result(Narrator& narrator, const Report& report) {
  for (const auto& d : report.degradations)
    narrator.line(fmt::format("note: {}: {} → {}: {}", d.stage, d.from, d.to, d.reason));
  for (const auto& warning : report.warnings) narrator.line("warning: " + warning);
  if (report.output.empty() || (report.nothing_found && report.frames_out == 0)) return;
  narrator.line(fmt::format(
      "{}: {} frames, {} of them restored, {:.1f} s, {:.1f} frames/s, {}", report.output,
      report.frames_out, report.frames_changed, report.seconds,
      report.seconds > 0 ? static_cast<double>(report.frames_out) / report.seconds : 0.0,
      report.encoder));
  for (const auto& m : report.methods)
    narrator.line(fmt::format("overlay {}: {} in {} frames, confidence {:.2f}", m.track, m.method,
                              m.frames, m.confidence));
}

/// One file; a failure has been said when this returns.
ExitCode run_one(const Job& job, const RunRequest& request, Pipeline& pipeline,
                 const Options& options, const CancelToken& cancel, Narrator& narrator,
                 std::vector<std::string>& reports) {
  const auto fail = [&](const Error& error) {
    narrator.next_job();
    complain(error.message);
    return exit_code(error);
  };
  Callbacks callbacks;
  callbacks.progress = [&](const Progress& progress) { narrator.progress(progress); };
  std::optional<BeforeAndAfter> preview;
  if (!request.preview.empty()) {
    preview.emplace(job.input, options);
    callbacks.restored = [&](const Frame& frame) { preview->see(frame); };
  }
  const auto report = pipeline.run(job.input, job.output, callbacks, cancel);
  if (!report) return fail(report.error());
  narrator.next_job();
  reports.push_back(to_json(*report));
  say_result(narrator, *report);
  if (report->nothing_found) {
    if (!options.templates.empty())  // the user expects it there
      for (const auto& c : report->candidates)
        narrator.line(fmt::format("{}: {}", job.input, c.reason));
    if (!options.always)
      narrator.line(
          fmt::format("{}: nothing to remove was found; no output was written.", job.input));
    return options.always ? done : nothing_found;
  }
  if (preview)
    if (const auto written = preview->write(request.preview); !written)
      return fail(written.error());
  return done;
}

/// One object, or an array where there were several files.
bool write_reports(const std::string& path, const std::vector<std::string>& reports, bool several) {
  std::ofstream file(path, std::ios::binary);
  if (several)
    file << fmt::format("[\n{}\n]\n", fmt::join(reports, ",\n"));
  else if (!reports.empty())
    file << reports.front() << '\n';
  file.close();
  return file.good();
}

/// Failed before interrupted before done; "nothing found" only where that is so of all files.
ExitCode worse(ExitCode a, ExitCode b) {
  const auto rank = [](ExitCode c) {
    return c == interrupted ? 4 : c == failed ? 3 : c == usage ? 2 : c == done ? 1 : 0;
  };
  return rank(a) >= rank(b) ? a : b;
}

}  // namespace

ExitCode run(const RunRequest& request, const Options& options, const CancelToken& cancel) {
  const auto fail = [](const Error& error) {
    complain(error.message);
    return exit_code(error);
  };
  auto pipeline = Pipeline::create(options);
  if (!pipeline) return fail(pipeline.error());
  const auto jobs = find_jobs(request.inputs, request.output);
  if (!jobs) return fail(jobs.error());
  const bool several = jobs->all.size() > 1;
  if (several && !request.preview.empty()) {
    complain("--preview shows one file; give one input.");
    return usage;
  }

  Narrator narrator(request.quiet ? nullptr : stdout);
  set_log_callback([&](LogLevel, std::string_view text) { narrator.line(text); },
                   LogLevel::warning);
  ExitCode code = nothing_found;
  std::vector<std::string> reports;
  for (const auto& job : jobs->all) {
    if (several) narrator.line(job.input);
    code = worse(code, run_one(job, request, *pipeline, options, cancel, narrator, reports));
    if (code == interrupted) break;
  }
  set_log_callback({});
  if (!jobs->new_folder.empty()) {  // goes again if nothing was put into it
    std::error_code not_empty;
    std::filesystem::remove(jobs->new_folder, not_empty);
  }
  if (!request.report.empty() && !reports.empty() &&
      !write_reports(request.report, reports, several)) {
    complain(
        fmt::format("The report '{}' cannot be written; give a path that can.", request.report));
    code = worse(code, failed);
  }
  return code;
}

}  // namespace cli
