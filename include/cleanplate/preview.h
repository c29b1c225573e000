/// @file
/// Frames as a PNG picture, side by side, for people to look at.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/result.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace cleanplate {

/// A box drawn around the samples that it holds; red, green, blue.
struct Outline {
  Box box;
  std::array<std::uint8_t, 3> colour{0, 255, 0};
};

struct PreviewPane {
  Frame frame;
  std::vector<Outline> outlines;
};

/// Writes the panes in a row, from the left, 8 samples of grey between them.
/// Threads: any. @return `invalid_argument`: no pane, an empty frame; `unwritable`, `disk_full`.
[[nodiscard]] Result<void> write_preview(const std::string& path,
                                         const std::vector<PreviewPane>& panes);

}  // namespace cleanplate
