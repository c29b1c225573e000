#include "infer/own_folder.h"

#include <dlfcn.h>

namespace cleanplate {

std::filesystem::path own_folder() {
  static const char here = 0;
  Dl_info info{};
  if (!dladdr(&here, &info) || !info.dli_fname) return {};
  std::error_code code;
  // A program's name may be relative to a folder it has left since; /proc knows better.
  std::filesystem::path file = std::filesystem::canonical(info.dli_fname, code);
#ifdef __linux__
  if (code) file = std::filesystem::canonical("/proc/self/exe", code);
#endif
  return code ? std::filesystem::path() : file.parent_path();
}

}  // namespace cleanplate
