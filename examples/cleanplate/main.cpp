// cleanplate: takes an overlay off a video.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>

#include "commands.h"
#include "interrupt.h"
#include "narrator.h"
#include "option_flags.h"

namespace {

using cli::ExitCode;

/// Runs a command with the options that its flags gave.
ExitCode with_options(const cli::OptionFlags& flags,
                      const std::function<ExitCode(const cleanplate::Options&)>& command) {
  const auto options = flags.read();
  if (options) return command(*options);
  cli::complain(options.error().message);
  return cli::exit_code(options.error());
}

ExitCode parse_and_run(int argc, char** argv) {
  CLI::App app("Takes an overlay off a video: the same file comes out without it.", "cleanplate");
  app.set_version_flag("--version", CLEANPLATE_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 1 failed, 2 usage, 3 nothing to remove was found, 130 interrupted.\n"
      "Use it on footage that you have the right to edit.");

  cli::RunRequest run;
  cli::OptionFlags run_flags;
  auto* run_command = app.add_subcommand("run", "Removes overlays from files.");
  run_command->add_option("IN", run.inputs, "Media files, or a folder of them.")->required();
  run_command->add_option("-o,--output", run.output, "The file, or folder for several, to write.")
      ->required();
  run_command->add_option("--report", run.report, "Write what happened as JSON.")
      ->type_name("FILE");
  run_command
      ->add_option("--preview", run.preview, "Write a frame before and after, as a PNG picture.")
      ->type_name("FILE");
  run_command->add_flag("-q,--quiet", run.quiet, "Say nothing but errors.");
  run_flags.add_to(*run_command);

  cli::DetectRequest detect;
  cli::OptionFlags detect_flags;
  auto* detect_command =
      app.add_subcommand("detect", "Says what would be removed, and why or why not.");
  detect_command->add_option("IN", detect.inputs, "Media files, or a folder of them.")->required();
  detect_command->add_flag("--json", detect.json, "Say it as JSON.");
  detect_command
      ->add_option("--preview", detect.preview, "Write a frame with the candidates outlined.")
      ->type_name("FILE");
  detect_command
      ->add_option("--export", detect.logo,
                   "Write the overlay's opacity and colour as a master: .png, .lgd or .ldp.")
      ->type_name("FILE");
  detect_command->add_flag("-q,--quiet", detect.quiet, "No progress.");
  detect_flags.add_to(*detect_command);

  cli::OptionFlags doctor_flags;
  auto* doctor_command =
      app.add_subcommand("doctor", "Says what this machine can do, and what will be used.");
  doctor_flags.add_to(*doctor_command);

  bool json = false, markdown = false;
  auto* options_command = app.add_subcommand("options", "Lists every option.");
  auto* json_flag = options_command->add_flag("--json", json, "As JSON.");
  options_command->add_flag("--markdown", markdown, "As docs/options.md.")->excludes(json_flag);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return static_cast<ExitCode>(app.exit(e));  // help, version
    cli::complain(fmt::format("{}; see cleanplate --help.", e.what()));
    return cli::usage;
  }

  const auto cancel = cli::cancel_on_interrupt();
  if (*run_command)
    return with_options(run_flags, [&](const auto& o) { return cli::run(run, o, cancel); });
  if (*detect_command)
    return with_options(detect_flags,
                        [&](const auto& o) { return cli::detect(detect, o, cancel); });
  if (*doctor_command) return with_options(doctor_flags, cli::doctor);
  std::fputs(cli::options_table(json       ? cli::TableForm::json
                                : markdown ? cli::TableForm::markdown
                                           : cli::TableForm::text)
                 .c_str(),
             stdout);
  return cli::done;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return parse_and_run(argc, argv);
  } catch (const std::exception& e) {
    cli::complain(fmt::format("An unexpected failure: {}.", e.what()));
    return cli::failed;
  }
}
