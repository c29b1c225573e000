/// @file
/// PNG files: masks and templates in, previews out.
#pragma once
#include <cleanplate/result.h>

#include <string>

#include "frame/picture.h"

namespace cleanplate {

/// Any PNG as RGBA; palettes, grey and 16 bits are converted.
/// @return `not_found`, `unreadable` (no PNG, damaged, a side above 32768), `out_of_memory`.
[[nodiscard]] Result<Picture> read_png(const std::string& path);
/// Any PNG as grey (luma of the stored values); what is transparent becomes black.
[[nodiscard]] Result<Picture> read_png_grey(const std::string& path);
/// @param picture  grey, RGB or RGBA.
/// @return `unwritable`, `disk_full`; nothing is left behind.
[[nodiscard]] Result<void> write_png(const std::string& path, const Picture& picture);

}  // namespace cleanplate
