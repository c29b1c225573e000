/// @file
/// The memory that decides how much a network is given at once.
#pragma once
#include <cleanplate/device.h>
#include <cleanplate/options.h>

#include <cstdint>

namespace cleanplate {

/// Bytes: the card's where networks run on one, else the host's. @param device  may be empty.
[[nodiscard]] std::int64_t network_memory(const Options& options, const Device& device);

}  // namespace cleanplate
