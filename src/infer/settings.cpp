#include "infer/settings.h"

#include <fmt/format.h>

#include <mutex>
#include <optional>

#include "core/log.h"
#include "core/try.h"
#include "infer/library.h"

namespace cleanplate {

namespace {

Error failed(Code code, std::string message) { return {code, "infer", std::move(message)}; }

/// What the process's libtorch was set to.
struct Settled {
  std::mutex lock;
  std::optional<NetworkSettings> settings;
  bool by_a_job = false;
};
Settled& settled() {
  static Settled of_the_process;
  return of_the_process;
}

bool same(const NetworkSettings& a, const NetworkSettings& b) {
  return a.threads == b.threads && a.tf32 == b.tf32 && a.cudnn_benchmark == b.cudnn_benchmark &&
         a.gpu_memory_fraction == b.gpu_memory_fraction;
}

Result<void> check(const NetworkSettings& settings) {
  if (settings.threads < 0 || settings.threads > 1024)
    return failed(Code::invalid_argument, "A network's threads are 0 to 1024; got " +
                                              std::to_string(settings.threads) + ".");
  if (!(settings.gpu_memory_fraction >= 0 && settings.gpu_memory_fraction <= 1))
    return failed(Code::invalid_argument, "gpu_memory_fraction is 0 to 1; got " +
                                              std::to_string(settings.gpu_memory_fraction) + ".");
  return {};
}

Result<void> set(const cleanplate_infer_table& table, const NetworkSettings& settings) {
  const cleanplate_infer_settings plain{settings.threads, settings.tf32, settings.cudnn_benchmark,
                                        settings.gpu_memory_fraction};
  cleanplate_infer_error error{};
  if (const auto answer = table.set(&plain, &error))
    return failed(code_of(answer), fmt::format("libtorch's settings could not be set: {}.",
                                               static_cast<const char*>(error.message)));
  log_line(LogLevel::info,
           "infer: for the whole process libtorch is set to {} threads, TF32 {}, cuDNN benchmark "
           "{}, GPU memory fraction {}",
           settings.threads ? std::to_string(settings.threads) : "its own number of",
           settings.tf32 ? "on" : "off", settings.cudnn_benchmark ? "on" : "off",
           settings.gpu_memory_fraction > 0 ? std::to_string(settings.gpu_memory_fraction)
                                            : "unbounded");
  return {};
}

}  // namespace

Result<void> set_network_settings(const NetworkSettings& settings, const NetworkOptions& options) {
  CP_CHECK(check(settings));
  CP_TRY(const LoadedLibrary library, load_infer_library(options.library));
  return guarded("infer", [&]() -> Result<void> {
    Settled& now = settled();
    const std::lock_guard held(now.lock);
    if (now.settings && same(*now.settings, settings)) return {};
    if (now.settings)
      return failed(Code::invalid_argument,
                    "libtorch's settings are the whole process's and were set to other values "
                    "before; set them once, at the start.");
    CP_CHECK(set(*library.table, settings));
    now.settings = settings;
    return {};
  });
}

Result<NetworkSettings> settle_network_settings(const NetworkSettings& wanted) {
  CP_CHECK(check(wanted));
  CP_TRY(const LoadedLibrary library, load_infer_library({}));
  return guarded("infer", [&]() -> Result<NetworkSettings> {
    Settled& now = settled();
    const std::lock_guard held(now.lock);
    NetworkSettings next = now.settings.value_or(wanted);
    if (now.by_a_job && wanted.gpu_memory_fraction > next.gpu_memory_fraction)
      next.gpu_memory_fraction = wanted.gpu_memory_fraction;
    if (now.settings && same(*now.settings, next)) return next;
    CP_CHECK(set(*library.table, next));
    now.settings = next;
    now.by_a_job = true;
    return next;
  });
}

}  // namespace cleanplate
