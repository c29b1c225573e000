// Runs the benchmarks beside it and writes report.md with its pictures, and report.json.
//   report -o FOLDER [--quick] [--only kernels,file] [--against old.json] [--data DIR]
//          [-- --clip dog.mp4 --set detect=static]
// Exit status: 0; 1: something failed or gave a wrong answer; 4: against the old report a figure is
// worse, outside the noise.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "report/against.h"
#include "report/programs.h"
#include "report/write.h"

int main(int argc, char** argv) try {
  bench::RunOrder order;
  bench::Tolerance tolerance;
  std::string against, from;
  CLI::App app("Runs all benchmarks and writes a report");
  app.add_option("-o,--output", order.folder, "folder for report.md, report.json, *.svg")
      ->required();
  app.add_flag("--quick", order.quick, "small and short: whether they work, not how fast it is");
  app.add_option("--only", order.only,
                 "kernels, stages, file, file_opaque, file_old_case, memory, scale, capi, quality")
      ->delimiter(',');
  app.add_option("--data", order.data,
                 "folder with clips/ and logos/, for quality; else it is left out");
  app.add_option("--against", against, "an older report.json, or one program's --json");
  app.add_option("--from", from, "measure nothing: a report.json already there");
  app.add_option("--tolerance", tolerance.least, "share of a value; a lesser change is none")
      ->check(CLI::Range(0., 1.));
  app.add_option("pass", order.pass, "after --: further flags for stages, file, memory, scale");
  CLI11_PARSE(app, argc, argv);
  std::filesystem::create_directories(order.folder);

  std::vector<bench::Results> before;  // read first: hours later would be late to fail
  if (!against.empty()) before = bench::read_json(against);
  const auto all = from.empty() ? bench::run_programs(order) : bench::read_json(from);
  bench::write_json(order.folder + "/report.json", all);
  std::vector<bench::Compared> compared;
  if (!against.empty()) compared = bench::compare(before, all, tolerance);
  const std::string words =
      before.empty() ? std::string() : against + " of " + before.front().machine.date;
  bench::write_page(order.folder, all, compared, words);
  std::printf("%s/report.md is written.\n", order.folder.c_str());
  bool failed = false;
  for (const auto& results : all)
    for (const auto& failure : results.failures) {
      std::printf("%s: %s\n", results.program.c_str(), failure.c_str());
      failed = true;
    }
  if (!against.empty()) std::fputs(bench::to_markdown(compared).c_str(), stdout);
  return failed ? 1 : bench::any_worse(compared) ? 4 : 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "report: %s\n", failure.what());
  return 1;
}
