/// @file
/// A five by seven dot font: capitals, digits and a few signs.
#pragma once
#include <string_view>

namespace demo {

constexpr int glyph_width = 5, glyph_height = 7, glyph_advance = 6;

/// Whether the dot of `sign` at column x, row y is set; unknown signs are blank.
[[nodiscard]] bool dot(char sign, int x, int y);
/// Whether a dot of the whole line is set; x runs through the glyphs at glyph_advance.
[[nodiscard]] bool dot(std::string_view line, int x, int y);

}  // namespace demo
