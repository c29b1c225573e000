/// @file
/// Where this library, or the program that it was linked into, lies.
#pragma once
#include <filesystem>

namespace cleanplate {

/// Empty where the system does not tell.
[[nodiscard]] std::filesystem::path own_folder();

}  // namespace cleanplate
