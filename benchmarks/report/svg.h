/// @file
/// A chart as an SVG file.
#pragma once
#include <string>

#include "setup/results.h"

namespace bench {

/// Bars from the left with their intervals as whiskers; readable on light and dark pages.
[[nodiscard]] std::string to_svg(const Chart& chart);

}  // namespace bench
