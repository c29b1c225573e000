#include "report/programs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "report/foreign.h"

namespace bench {

namespace {
namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;
using Read = std::function<Results(const nlohmann::json&)>;

struct Program {
  std::string name;  ///< folder and file in the build tree
  std::string run;   ///< of its JSON and output
  Arguments full, quick;
  bool shared_flags = true;  ///< takes --quick, --json and what is passed on
};

/// What is run, in full and quickly.
std::vector<Program> programs() {
  const std::string three = "medium,veryfast,ultrafast";
  return {
      {"kernels",
       "kernels",
       {"--benchmark_repetitions=7", "--benchmark_min_time=0.05",
        "--benchmark_enable_random_interleaving=true"},
       {"--benchmark_min_time=0.02"},
       false},
      {"stages", "stages", {"--rounds", "7"}, {}},
      {"file", "file", {"--preset", three}, {}},
      {"file", "file_opaque", {"--kind", "opaque"}, {"--kind", "opaque", "--ways", "told:fill"}},
      {"file",
       "file_old_case",
       {"--old-case", "--ways", "found:auto"},
       {"--old-case", "--ways", "found:auto"}},
      {"memory", "memory", {}, {}},
      {"scale", "scale", {}, {}},
      {"capi_calls", "capi", {}, {"2000"}, false},
  };
}

/// Runs a program beside this one; its output goes into a file. @return its exit status.
int run(const fs::path& program, const Arguments& arguments, const std::string& output) {
  std::vector<char*> words;
  std::string name = program.string();
  words.push_back(name.data());
  Arguments copies = arguments;
  for (std::string& a : copies) words.push_back(a.data());
  words.push_back(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    const int file = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file >= 0) dup2(file, STDOUT_FILENO);
    execv(words[0], words.data());
    _exit(127);
  }
  int status = 0;
  while (pid > 0 && waitpid(pid, &status, 0) != pid)
    if (errno != EINTR) return -1;
  return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string text_in(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The programs lie in folders of their names, beside this one's folder.
fs::path program_at(const std::string& name) {
  const fs::path own = fs::read_symlink("/proc/self/exe").parent_path();
  return own.parent_path() / (name == "capi_calls" ? "capi" : name) / name;
}

Results failed(const std::string& run, const std::string& reason) {
  Results out;
  out.program = run;
  out.machine = this_machine();
  out.failures.push_back(reason);
  return out;
}

Results run_one(const std::string& name, const std::string& as, const Arguments& arguments,
                const std::string& json, const std::string& output, const Read& read) {
  fmt::print(stderr, "report: {}\n", as);
  const Machine before = this_machine();
  const int status = run(program_at(name), arguments, output);
  std::ifstream file(json);
  const auto said = nlohmann::json::parse(file, nullptr, false);
  if (said.is_discarded())
    return failed(as, fmt::format("{} ended with status {} and no figures; what it said is in {}.",
                                  name, status, output));
  Results out = read(said);
  out.machine = before;
  out.program = as;
  return out;
}
}  // namespace

std::vector<Results> run_programs(const RunOrder& order) {
  std::vector<Results> all;
  const auto wanted = [&](const Program& p) {
    return order.only.empty() || std::count(order.only.begin(), order.only.end(), p.name) ||
           std::count(order.only.begin(), order.only.end(), p.run);
  };
  for (const Program& p : programs()) {
    if (!wanted(p)) continue;
    const std::string json = order.folder + "/" + p.run + ".json";
    const std::string output = order.folder + "/" + p.run + ".txt";
    fs::remove(json);
    Arguments arguments = order.quick ? p.quick : p.full;
    if (p.name == "capi_calls") {
      fmt::print(stderr, "report: capi\n");
      Results out = failed(p.run, "");
      out.failures.clear();
      if (run(program_at(p.name), arguments, output) != 0 && !order.quick)
        out.failures.push_back("A call through the C ABI costs over 2 µs more.");
      out.notes.push_back(text_in(output));
      all.push_back(std::move(out));
      continue;
    }
    if (p.shared_flags) {
      if (order.quick) arguments.push_back("--quick");
      arguments.insert(arguments.end(), order.pass.begin(), order.pass.end());
      arguments.insert(arguments.end(), {"--json", json});
      all.push_back(run_one(p.name, p.run, arguments, json, output, results_from));
    } else {
      arguments.insert(arguments.end(), {"--benchmark_out=" + json, "--benchmark_out_format=json"});
      all.push_back(run_one(p.name, p.run, arguments, json, output, from_google_benchmark));
    }
  }
  const Program quality{"quality", "quality", {}, {}, false};
  if (!order.data.empty() && wanted(quality)) {
    const std::string json = order.folder + "/quality.json", output = order.folder + "/quality.txt";
    fs::remove(json);
    Arguments arguments{"--data", order.data, "--json", json};
    if (order.quick)
      arguments.insert(arguments.end(), {"--clips", "dog", "--kinds", "seethrough", "--frames",
                                         "30", "--before-encoder", "--no-bare"});
    Results out = run_one("quality", "quality", arguments, json, output, from_quality);
    out.notes.push_back(text_in(output));
    all.push_back(std::move(out));
  }
  return all;
}

}  // namespace bench
