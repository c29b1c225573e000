#include <cleanplate/preview.h>

#include <algorithm>
#include <cstring>

#include "core/try.h"
#include "frame/png.h"
#include "frame/rgb.h"

namespace cleanplate {

namespace {

constexpr int gap = 8;
constexpr std::uint8_t gap_grey = 128;

/// Draws outside the box, so that nothing inside it is hidden; thicker on larger pictures.
void draw(Picture& picture, const Outline& outline) {
  const int thick = std::max(1, picture.size.height / 360);
  const Box outer =
      outline.box.grown(thick).intersect({0, 0, picture.size.width, picture.size.height});
  for (int y = outer.y; y < outer.bottom(); ++y)
    for (int x = outer.x; x < outer.right(); ++x)
      if (!outline.box.contains(x, y))
        std::copy(outline.colour.begin(), outline.colour.end(), picture.at(x, y));
}

}  // namespace

Result<void> write_preview(const std::string& path, const std::vector<PreviewPane>& panes) {
  return guarded("frame", [&]() -> Result<void> {
    if (panes.empty())
      return Error{Code::invalid_argument, "frame", "A preview needs one frame or more."};
    std::vector<Picture> pictures;
    Size all{gap * (static_cast<int>(panes.size()) - 1), 0};
    for (const auto& pane : panes) {
      CP_TRY(Picture picture, to_rgb(pane.frame));
      for (const auto& outline : pane.outlines) draw(picture, outline);
      all.width += picture.size.width;
      all.height = std::max(all.height, picture.size.height);
      pictures.push_back(std::move(picture));
    }
    Picture row(all, 3);
    std::fill(row.samples.begin(), row.samples.end(), gap_grey);
    int left = 0;
    for (const auto& picture : pictures) {
      const auto bytes = static_cast<std::size_t>(picture.size.width) * 3;
      for (int y = 0; y < picture.size.height; ++y)
        std::memcpy(row.at(left, y), picture.at(0, y), bytes);
      left += picture.size.width + gap;
    }
    return write_png(path, row);
  });
}

}  // namespace cleanplate
