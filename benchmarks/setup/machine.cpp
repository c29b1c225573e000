#include "setup/machine.h"

#include <cleanplate/installation.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>

#include <cstdlib>
#include <ctime>
#include <fstream>

extern "C" {
#include <libavutil/avutil.h>
}

namespace bench {

namespace {
std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

std::string system_name() {
  utsname name{};
  return uname(&name) == 0 ? fmt::format("{} {}", name.sysname, name.machine) : "unknown system";
}
}  // namespace

Machine this_machine() {
  Machine m;
  m.processor = processor();
  m.system = system_name();
  const cleanplate::Resources resources = cleanplate::resources({});
  m.cores = resources.cores;
  m.memory_mib = resources.free_memory;
  double load[1] = {0};
  if (getloadavg(load, 1) == 1) m.load = load[0];
#if defined(__clang__)
  m.compiler =
      fmt::format("Clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#elif defined(__GNUC__)
  m.compiler = fmt::format("GNU {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
  m.build = CLEANPLATE_BUILD_TYPE;
  m.libraries = {"cleanplate " CLEANPLATE_VERSION, fmt::format("FFmpeg {}", av_version_info())};
  for (const auto& library : cleanplate::media_libraries())
    m.libraries.push_back(library.name + " " + library.version);
  m.date = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
  return m;
}

std::string text_of(const Machine& m) {
  std::string libraries;
  for (const std::string& l : m.libraries) libraries += (libraries.empty() ? "" : ", ") + l;
  return fmt::format("{}, {} cores, {}, {} MiB free, load {:.2f} before; {}; {} {}; {}",
                     m.processor, m.cores, m.system, m.memory_mib, m.load, libraries, m.compiler,
                     m.build, m.date);
}

bool alike(const Machine& a, const Machine& b) {
  return a.processor == b.processor && a.cores == b.cores && a.system == b.system &&
         a.build == b.build;
}

}  // namespace bench
