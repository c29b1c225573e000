/// @file
/// PNG files in and out.
#pragma once
#include <string>

#include "demo_clip/overlay.h"

namespace quality {

/// A PNG with alpha as a drawing; colours as they stand in the file.
[[nodiscard]] demo::Drawing read_drawing(const std::string& path);

/// @param samples  rows of width × channels bytes. @param channels  1 grey, 3 RGB.
void write_png(const std::string& path, int width, int height, int channels,
               const std::vector<std::uint8_t>& samples);

}  // namespace quality
