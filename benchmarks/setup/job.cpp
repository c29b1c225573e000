#include "setup/job.h"

#include <cleanplate/pipeline.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "setup/plain.h"

extern "C" {
#include <libavutil/log.h>
}

namespace bench {

namespace {
using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr const char* child_flag = "--bench-child";

double since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double cpu_of(const rusage& usage) {
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Of this process since it was started afresh. (rusage's ru_maxrss would count what its parent
/// held when it forked.)
double peak_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmHWM:", 0) == 0) return std::stod(line.substr(6)) / 1024;
  throw std::runtime_error("/proc/self/status has no VmHWM.");
}

cleanplate::Options options_of(const Job& job) {
  cleanplate::Options options;
  options.quality = 18;
  options.encoder_options = "preset=" + job.preset;
  options.threads = job.threads;
  if (!is_ours(job.way)) return options;
  const auto space = job.way.find(' ');
  options.method = job.way.substr(space + 1);
  if (job.way.rfind("told", 0) == 0) options.region = {job.region};
  for (const std::string& pair : job.set) {
    const auto equals = pair.find('=');
    const auto set = cleanplate::set_option(
        options, pair.substr(0, equals),
        equals == std::string::npos ? std::string("true") : pair.substr(equals + 1));
    if (!set) throw std::runtime_error(set.error().message);
  }
  return options;
}

std::string delogo_of(const Job& job) {
  int x = 0, y = 0, w = 0, h = 0;
  if (std::sscanf(job.box.c_str(), "%d,%d,%d,%d", &x, &y, &w, &h) != 4)
    throw std::runtime_error("delogo needs a box as x,y,w,h, not '" + job.box + "'.");
  return "delogo=x=" + std::to_string(x) + ":y=" + std::to_string(y) + ":w=" + std::to_string(w) +
         ":h=" + std::to_string(h);
}

Run run_plain(const Job& job) {
  Change change;
  if (job.way == "delogo") change = filter_by(delogo_of(job));
  if (job.way == "removelogo") change = filter_by("removelogo=" + job.mask);
  const auto frames = transcode(job.input, job.output, options_of(job), change);
  if (!frames) throw std::runtime_error(job.way + ": " + frames.error().message);
  Run done;
  done.frames = *frames;
  return done;
}

Run run_ours(const Job& job) {
  Run done;
  const auto begin = Clock::now();
  auto pipeline = cleanplate::Pipeline::create(options_of(job));
  if (!pipeline) throw std::runtime_error(job.way + ": " + pipeline.error().message);
  const cleanplate::CancelToken cancel;
  cleanplate::Callbacks callbacks;
  callbacks.restored = [&](const cleanplate::Frame&) {
    if (done.first_frame > 0) return;
    done.first_frame = since(begin);
    if (job.stop_at_first) cancel.cancel();
  };
  const auto report = pipeline->run(job.input, job.output, callbacks, cancel);
  if (!report) {
    if (job.stop_at_first && done.first_frame > 0) return done;
    throw std::runtime_error(job.way + ": " + report.error().message);
  }
  done.nothing_found = report->nothing_found;
  done.frames = report->frames_out;
  for (const auto& stage : report->stages)
    if (stage.stage == "scan") done.scan_seconds = stage.busy_seconds;
  for (const auto& method : report->methods)
    done.methods +=
        (done.methods.empty() ? "" : ", ") + method.method + " " + std::to_string(method.frames);
  return done;
}

Json json_of(const Job& j) {
  return {{"way", j.way},       {"input", j.input},
          {"output", j.output}, {"preset", j.preset},
          {"region", j.region}, {"box", j.box},
          {"mask", j.mask},     {"threads", j.threads},
          {"set", j.set},       {"stop_at_first", j.stop_at_first}};
}
Job job_from(const Json& j) {
  return {j["way"], j["input"], j["output"],  j["preset"], j["region"],
          j["box"], j["mask"],  j["threads"], j["set"],    j["stop_at_first"]};
}
Json json_of(const Run& r) {
  return {{"frames", r.frames},           {"nothing_found", r.nothing_found},
          {"first_frame", r.first_frame}, {"scan_seconds", r.scan_seconds},
          {"methods", r.methods},         {"wall", r.wall},
          {"peak_mib", r.peak_mib}};
}
Run run_from(const Json& j) {
  return {
      j["frames"], j["nothing_found"], j["first_frame"], j["scan_seconds"], j["methods"], j["wall"],
      0,           j["peak_mib"]};
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> some{};
  for (ssize_t n = 0; (n = read(descriptor, some.data(), some.size())) != 0;) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw std::runtime_error("A child process's answer could not be read.");
    text.append(some.data(), static_cast<std::size_t>(n));
  }
  return text;
}
}  // namespace

bool is_ours(const std::string& way) {
  return way.rfind("found ", 0) == 0 || way.rfind("told ", 0) == 0;
}

Job job_of(const Material& material, const std::string& way, const std::string& preset) {
  Job job;
  job.way = way;
  job.input = material.input();
  std::string name = way;
  std::replace(name.begin(), name.end(), ' ', '_');
  job.output = material / (name + ".mp4");
  job.preset = preset;
  job.region = material.region();
  job.box = material.box();
  job.mask = material.mask();
  return job;
}

Run run(const Job& job) {
  if (!is_ours(job.way) && job.way != "plain" && job.way != "delogo" && job.way != "removelogo")
    throw std::runtime_error("There is no way '" + job.way +
                             "'; it is plain, delogo, removelogo, or found or told and a method.");
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  const auto begin = Clock::now();
  Run done = is_ours(job.way) ? run_ours(job) : run_plain(job);
  done.wall = since(begin);
  getrusage(RUSAGE_SELF, &after);
  done.cpu = cpu_of(after) - cpu_of(before);
  return done;
}

Run run_in_child(const Job& job) {
  const std::string order = json_of(job).dump();
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("A pipe to a child could not be made.");
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    execl("/proc/self/exe", "child", child_flag, order.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  close(ends[1]);
  if (pid < 0) throw std::runtime_error("A child process could not be started.");
  const std::string answer = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  rusage usage{};
  while (wait4(pid, &status, 0, &usage) != pid)
    if (errno != EINTR) throw std::runtime_error("A child process was lost.");
  const Json said = Json::parse(answer, nullptr, false);
  if (said.is_discarded())
    throw std::runtime_error(job.way + " on " + job.input + ": its process ended with status " +
                             std::to_string(status) + " and no answer.");
  if (said.contains("error")) throw std::runtime_error(said["error"].get<std::string>());
  Run done = run_from(said);
  done.cpu = cpu_of(usage);
  return done;
}

std::optional<int> as_child(int argc, char** argv) {
  if (argc != 3 || std::strcmp(argv[1], child_flag) != 0) return std::nullopt;
  av_log_set_level(AV_LOG_ERROR);
  Json answer;
  int status = 0;
  try {
    Run done = run(job_from(Json::parse(argv[2])));
    done.peak_mib = peak_mib();
    answer = json_of(done);
  } catch (const std::exception& failure) {
    answer = {{"error", failure.what()}};
    status = 1;
  }
  std::puts(answer.dump().c_str());
  return status;
}

}  // namespace bench
