#include "material.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/try.h"
#include "frame/png.h"

namespace cleanplate::train {

namespace {
namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

Picture without_alpha(const Picture& rgba) {
  Picture rgb(rgba.size, 3);
  for (std::size_t i = 0; i < rgb.samples.size(); ++i)
    rgb.samples[i] = rgba.samples[i / 3 * 4 + i % 3];
  return rgb;
}

std::vector<std::unique_ptr<Typeface>> faces(const fs::path& list) {
  std::vector<std::unique_ptr<Typeface>> out;
  std::ifstream lines(list);
  for (std::string line; std::getline(lines, line);)
    if (auto face = Typeface::open(line)) out.push_back(std::move(face));
  return out;
}
}  // namespace

Result<Material> read_material(const std::string& folder) {
  Material m;
  for (const fs::path& path : files_in(fs::path(folder) / "pictures")) {
    CP_TRY(const Picture rgba, read_png(path.string()));
    const std::string name = path.filename().string();
    auto& to = name.starts_with("mean_")   ? m.means
               : name.starts_with("clip_") ? m.frames
                                           : m.photographs;
    to.push_back(without_alpha(rgba));
  }
  for (const fs::path& path : files_in(fs::path(folder) / "marks")) {
    CP_TRY(Picture rgba, read_png(path.string()));
    (path.filename().string().starts_with("logo_") ? m.logos : m.art).push_back(std::move(rgba));
  }
  for (const fs::path& path : files_in(fs::path(folder) / "objects")) {
    CP_TRY(Picture rgba, read_png(path.string()));
    m.objects.push_back(std::move(rgba));
  }
  m.fonts = faces(fs::path(folder) / "fonts");
  m.symbols = faces(fs::path(folder) / "symbols");
  if (m.photographs.empty() || m.frames.empty() || m.means.empty() || m.logos.empty() ||
      m.art.empty() || m.objects.empty() || m.fonts.empty() || m.symbols.empty())
    return Error{
        Code::not_found, "train",
        "The folder " + folder + " lacks pictures, marks, objects or fonts; run prepare.sh."};
  return m;
}

}  // namespace cleanplate::train
