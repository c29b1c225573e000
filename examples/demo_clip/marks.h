/// @file
/// Marks drawn by code: a channel logo, a running time code.
#pragma once
#include <string>
#include <string_view>

#include "overlay.h"

namespace demo {

/// A ring with a play sign and letters beside it, white, soft edge; about 3:1.
/// @param width  of the drawing, samples, 32 or more.
[[nodiscard]] Drawing draw_channel_mark(int width);

/// One line of text, white with a thin dark outline, anti-aliased.
/// @param height  of the drawing, samples; the width follows.
[[nodiscard]] Drawing draw_text(std::string_view line, int height);

/// "HH:MM:SS:FF". @param rate  whole frames a second.
[[nodiscard]] std::string time_code(long long frame, int rate);

/// A drawing scaled by area means. @param width  of the result, samples.
[[nodiscard]] Drawing scaled(const Drawing& drawing, int width);

}  // namespace demo
