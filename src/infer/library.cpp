#include "infer/library.h"

#include <dlfcn.h>
#ifdef __linux__
#include <link.h>
#endif

#include <filesystem>
#include <mutex>
#include <vector>

#include "core/log.h"
#include "core/try.h"
#include "infer/own_folder.h"

namespace cleanplate {

namespace {
namespace fs = std::filesystem;

#ifdef __APPLE__
constexpr const char* file_name = "libcleanplate_infer.dylib";
#else
constexpr const char* file_name = "libcleanplate_infer.so";
#endif

Error failed(std::string message) { return {Code::network, "infer", std::move(message)}; }

std::vector<fs::path> places() {
  std::vector<fs::path> found;
  if (const fs::path own = own_folder(); !own.empty()) {
    found.push_back(own / file_name);
    found.push_back(own / ".." / "lib" / file_name);
  }
#ifdef CLEANPLATE_LIBDIR
  found.push_back(fs::path(CLEANPLATE_LIBDIR) / file_name);
#endif
  return found;
}

// The libtorch that is in the process already though we have not loaded one, unless it is the very
// file that ours was built with. Two in one process overwrite each other's symbols.
std::string other_libtorch() {
#ifdef __linux__
  std::string found;
  dl_iterate_phdr(
      [](dl_phdr_info* object, std::size_t, void* out) {
        const fs::path path(object->dlpi_name ? object->dlpi_name : "");
        if (!path.filename().string().starts_with("libtorch_cpu.so")) return 0;
#ifdef CLEANPLATE_TORCH_FILE
        std::error_code code;
        if (fs::equivalent(path, CLEANPLATE_TORCH_FILE, code)) return 0;
#endif
        *static_cast<std::string*>(out) = path.string();
        return 1;
      },
      &found);
  return found;
#else
  return {};
#endif
}

Result<LoadedLibrary> open_at(const std::string& path) {
  // Local, so that libtorch's symbols stay out of the host program's sight; the handle is kept for
  // good, as libtorch does not survive being unloaded.
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const char* why = dlerror();
    return failed("The network library " + path +
                  " could not be loaded: " + (why ? why : "no reason given") +
                  ". Install the libtorch that it was built with, or build again.");
  }
  void* symbol = dlsym(handle, CLEANPLATE_INFER_SYMBOL);
  if (!symbol)
    return failed("The file " + path + " is no network library of cleanplate; name another.");
  const auto* table = reinterpret_cast<cleanplate_infer_entry>(symbol)();
  if (table->abi != CLEANPLATE_INFER_ABI)
    return failed("The network library " + path + " is of another release (interface " +
                  std::to_string(table->abi) + ", here " + std::to_string(CLEANPLATE_INFER_ABI) +
                  "); install both from one release.");
  log_line(LogLevel::info, "infer: {} from {}", table->version(), path);
  return LoadedLibrary{table, path};
}

Result<LoadedLibrary> find_and_open(const std::string& wanted) {
  if (const std::string other = other_libtorch(); !other.empty())
    return failed("Another libtorch is in this process already (" + other +
                  "), and two do not get along; build cleanplate with that one, or run it in a "
                  "process of its own.");
  std::error_code code;
  if (!wanted.empty()) {
    if (!fs::exists(wanted, code))
      return failed("There is no network library at " + wanted + "; correct the path.");
    return open_at(wanted);
  }
  std::string looked;
  for (const fs::path& place : places()) {
    if (fs::exists(place, code)) return open_at(place.lexically_normal().string());
    looked += (looked.empty() ? "" : ", ") + place.lexically_normal().string();
  }
  // Last, the system's own search: the program's run path, then the linker's cache.
  if (void* found = dlopen(file_name, RTLD_NOW | RTLD_LOCAL)) {
    Dl_info info{};
    void* symbol = dlsym(found, CLEANPLATE_INFER_SYMBOL);
    return open_at(symbol && dladdr(symbol, &info) && info.dli_fname ? info.dli_fname : file_name);
  }
  const std::string why = dlerror();
#ifdef CLEANPLATE_BUILT_WITH_INFER
  return failed("The network library " + std::string(file_name) + " was not found (looked for " +
                looked + "; the system says: " + why +
                "); install it beside libcleanplate, or give its path.");
#else
  return failed("This build of cleanplate has no networks (CLEANPLATE_INFER=OFF), and no " +
                std::string(file_name) + " was found (looked for " + looked +
                "); build with libtorch, or use a method without a network.");
#endif
}
}  // namespace

Code code_of(std::int32_t answer) {
  switch (answer) {
    case CLEANPLATE_INFER_NO_MEMORY:
      return Code::out_of_memory;
    case CLEANPLATE_INFER_NO_DEVICE:
      return Code::device;
    default:
      return Code::network;
  }
}

bool built_with_networks() {
#ifdef CLEANPLATE_BUILT_WITH_INFER
  return true;
#else
  return false;
#endif
}

Result<LoadedLibrary> load_infer_library(const std::string& wanted) {
  return guarded("infer", [&]() -> Result<LoadedLibrary> {
    // What dlopen loads is the process's anyway; this only remembers where it is.
    static std::mutex lock;
    static LoadedLibrary loaded;
    const std::lock_guard held(lock);
    if (!loaded.table) {
      CP_TRY(loaded, find_and_open(wanted));
    }
    return loaded;
  });
}

}  // namespace cleanplate
