#include "matte/moved_model.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {

Matte moved(const Matte& from, double dx, double dy, Size picture) {
  const int ix = static_cast<int>(std::floor(dx)), iy = static_cast<int>(std::floor(dy));
  const auto fx = static_cast<float>(dx - ix), fy = static_cast<float>(dy - iy);
  Matte to;
  to.box = Box{from.box.x + ix, from.box.y + iy, from.box.width + 1, from.box.height + 1}.intersect(
      {0, 0, picture.width, picture.height});
  for (int y = to.box.y; y < to.box.bottom(); ++y)
    for (int x = to.box.x; x < to.box.right(); ++x) {
      float alpha = 0, painted = 0, trust = 0;
      for (int j = 0; j < 2; ++j)
        for (int i = 0; i < 2; ++i) {
          const int sx = x - ix - i, sy = y - iy - j;
          if (!from.box.contains(sx, sy)) continue;
          const auto k =
              static_cast<std::size_t>(sy - from.box.y) * static_cast<std::size_t>(from.box.width) +
              static_cast<std::size_t>(sx - from.box.x);
          const float w = (i ? fx : 1 - fx) * (j ? fy : 1 - fy);
          alpha += w * from.alpha[k];
          painted += w * from.alpha[k] * from.colour[k];
          trust += w * from.alpha[k] * from.trust[k];
        }
      to.alpha.push_back(alpha);
      to.colour.push_back(alpha > 0 ? painted / alpha : 0);
      to.trust.push_back(alpha > 0 ? trust / alpha : 0);
    }
  return to;
}

}  // namespace

std::shared_ptr<const OverlayModel> moved_model(const OverlayModel& model, Shift shift,
                                                PixelFormat format, Size picture) {
  auto out = std::make_shared<OverlayModel>(model);
  for (int c = 0; c < format.components(); ++c) {
    const int sx = c ? format.chroma_shift_x() : 0, sy = c ? format.chroma_shift_y() : 0;
    const Size size{(picture.width + (1 << sx) - 1) >> sx, (picture.height + (1 << sy) - 1) >> sy};
    auto& matte = out->mattes[static_cast<std::size_t>(c)];
    if (!matte.alpha.empty()) matte = moved(matte, shift.x / (1 << sx), shift.y / (1 << sy), size);
  }
  return out;
}

std::shared_ptr<const Mask> moved_mask(const Mask& mask, Shift shift, Size picture) {
  const int ix = static_cast<int>(std::floor(shift.x)), iy = static_cast<int>(std::floor(shift.y));
  const int more_x = shift.x > ix, more_y = shift.y > iy;
  auto out = std::make_shared<Mask>();
  out->box =
      Box{mask.box.x + ix, mask.box.y + iy, mask.box.width + more_x, mask.box.height + more_y}
          .intersect({0, 0, picture.width, picture.height});
  for (int y = out->box.y; y < out->box.bottom(); ++y)
    for (int x = out->box.x; x < out->box.right(); ++x) {
      std::uint8_t most = 0;
      for (int j = 0; j <= more_y; ++j)
        for (int i = 0; i <= more_x; ++i) most = std::max(most, mask.at(x - ix - i, y - iy - j));
      out->values.push_back(most);
    }
  return out;
}

}  // namespace cleanplate
