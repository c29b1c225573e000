/// @file
/// Where our own networks' weights are.
#pragma once
#include <cleanplate/result.h>

#include <string>

namespace cleanplate {

/// @param name    "overlay_net.safetensors". @param folder  the option `models`; empty: looked for
///                in share/cleanplate/models near this library or program, then where it was
///                installed to.
/// @return the path; `not_found`: names what was looked at.
[[nodiscard]] Result<std::string> find_model(const std::string& name, const std::string& folder);

}  // namespace cleanplate
