/// @file
/// Why a card's decoder or encoder cannot be had, and what to do about it.
#pragma once
#include <string>

namespace cleanplate::media {

/// libav's words, and after them what they come from where that is known; no full stop.
[[nodiscard]] std::string with_remedy(std::string reason);

}  // namespace cleanplate::media
