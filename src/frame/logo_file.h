/// @file
/// The logo files of the AviUtl delogo family, as bytes.
#pragma once
#include <cleanplate/logo.h>

#include <cstdint>
#include <span>

namespace cleanplate {

/// @param path  for the errors' sentences.
[[nodiscard]] Result<std::vector<Logo>> parse_logos(std::span<const std::uint8_t> bytes,
                                                    const std::string& path);
/// Version 0.1, which every reader knows; colours beyond 16 bits are cut off.
[[nodiscard]] std::vector<std::uint8_t> logo_bytes(const std::vector<Logo>& logos);

}  // namespace cleanplate
