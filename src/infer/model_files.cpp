#include "infer/model_files.h"

#include <filesystem>
#include <vector>

#include "core/try.h"
#include "infer/own_folder.h"

namespace cleanplate {

Result<std::string> find_model(const std::string& name, const std::string& folder) {
  namespace fs = std::filesystem;
  return guarded("infer", [&]() -> Result<std::string> {
    std::vector<fs::path> places;
    const fs::path shared = fs::path("share") / "cleanplate" / "models";
    if (!folder.empty()) {
      places.emplace_back(folder);
    } else {
      // prefix/bin and prefix/lib, prefix/lib/x86_64-linux-gnu; a build tree is laid out alike.
      if (const fs::path own = own_folder(); !own.empty())
        for (const fs::path& up : {own / "..", own / ".." / ".."}) places.push_back(up / shared);
#ifdef CLEANPLATE_DATADIR
      places.push_back(fs::path(CLEANPLATE_DATADIR) / "cleanplate" / "models");
#endif
    }
    std::string looked;
    for (const fs::path& place : places) {
      std::error_code code;
      const fs::path file = (place / name).lexically_normal();
      if (fs::is_regular_file(file, code)) return file.string();
      looked += (looked.empty() ? "" : ", ") + file.string();
    }
    return Error{Code::not_found, "infer",
                 "The weights " + name + " were not found (looked for " + looked +
                     "); install them, or give their folder by the option models."};
  });
}

}  // namespace cleanplate
