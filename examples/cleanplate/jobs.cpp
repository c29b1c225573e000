#include "jobs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

namespace cli {

namespace fs = std::filesystem;
using cleanplate::Code;
using cleanplate::Error;
using cleanplate::Result;

namespace {

bool is_media(const fs::path& path) {
  static constexpr std::array extensions{".mp4",  ".m4v", ".mov", ".mkv", ".webm", ".ts",
                                         ".m2ts", ".mts", ".avi", ".mxf", ".mpg",  ".mpeg"};
  std::string extension = path.extension().string();
  for (char& c : extension)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

Error wrong(std::string sentence) {
  return {Code::invalid_argument, "command line", std::move(sentence)};
}

}  // namespace

Result<std::vector<std::string>> find_inputs(const std::vector<std::string>& inputs) {
  std::vector<std::string> files;
  for (const auto& input : inputs) {
    std::error_code failure;
    if (!fs::is_directory(input, failure)) {  // what cannot be looked at is left to the decoder
      files.push_back(input);
      continue;
    }
    std::vector<std::string> inside;
    for (fs::directory_iterator entry(input, failure), end; !failure && entry != end;
         entry.increment(failure))
      if (entry->is_regular_file(failure) && is_media(entry->path()))
        inside.push_back(entry->path().string());
    if (failure)
      return Error{Code::unreadable, "command line",
                   fmt::format("The folder '{}' cannot be read: {}.", input, failure.message())};
    if (inside.empty())
      return wrong(
          fmt::format("There is no media file in the folder '{}'; give one that has.", input));
    std::sort(inside.begin(), inside.end());
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

Result<Jobs> find_jobs(const std::vector<std::string>& inputs, const std::string& output) {
  auto files = find_inputs(inputs);
  if (!files) return std::move(files).error();
  std::error_code failure;
  const bool into_folder = fs::is_directory(output, failure);
  const bool folder_given = std::any_of(
      inputs.begin(), inputs.end(), [&](const auto& i) { return fs::is_directory(i, failure); });
  if (files->size() == 1 && !into_folder && !folder_given && !output.ends_with('/'))
    return Jobs{{{files->front(), output}}, {}};

  if (!into_folder && fs::exists(output, failure))
    return wrong(
        fmt::format("'{}' is a file; give a folder where there is more than one input.", output));
  Jobs jobs;
  std::set<std::string> names;
  for (const auto& file : *files) {
    const fs::path name = fs::path(file).filename();
    if (!names.insert(name.string()).second)
      return wrong(fmt::format("Two inputs are named '{}'; their outputs would be one file.",
                               name.string()));
    jobs.all.push_back({file, (fs::path(output) / name).string()});
  }
  if (!into_folder) {
    if (!fs::create_directory(output, failure))
      return Error{Code::unwritable, "command line",
                   fmt::format("The folder '{}' cannot be made: {}.", output,
                               failure ? failure.message() : "there is something of that name")};
    jobs.new_folder = output;
  }
  return jobs;
}

}  // namespace cli
