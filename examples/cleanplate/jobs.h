/// @file
/// Which file becomes which.
#pragma once
#include <cleanplate/result.h>

#include <string>
#include <vector>

namespace cli {

struct Job {
  std::string input, output;
};

struct Jobs {
  std::vector<Job> all;
  std::string new_folder;  ///< made for the outputs; empty where there was nothing to make
};

/// A folder stands for the media files in it, by their extensions and in the order of their names.
/// One file goes to `output`, or into it where that is a folder or ends in a slash; several go
/// into the folder `output`. A folder that is not there is made.
/// @return `invalid_argument`: no media file in a folder, two outputs of one name, a file as the
///         target of several; `unwritable`: the folder cannot be made.
[[nodiscard]] cleanplate::Result<Jobs> find_jobs(const std::vector<std::string>& inputs,
                                                 const std::string& output);
/// The same for inputs alone.
[[nodiscard]] cleanplate::Result<std::vector<std::string>> find_inputs(
    const std::vector<std::string>& inputs);

}  // namespace cli
