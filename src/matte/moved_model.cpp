#include "matte/moved_model.h"

#include <algorithm>
#include <cmath>

#include "matte/cubic_taps.h"

namespace cleanplate {

namespace {

constexpr float least_alpha = .004f;

Matte moved(const Matte& from, double dx, double dy, Size picture) {
  const int ix = static_cast<int>(std::floor(dx)), iy = static_cast<int>(std::floor(dy));
  const auto fx = static_cast<float>(dx - ix), fy = static_cast<float>(dy - iy);
  const auto across = cubic_taps(fx), down = cubic_taps(fy);
  const int left = fx > 0, up = fy > 0;  // samples that the taps reach further
  Matte to;
  to.box = Box{from.box.x + ix - left, from.box.y + iy - up, from.box.width + 3 * left,
               from.box.height + 3 * up}
               .intersect({0, 0, picture.width, picture.height});
  for (int y = to.box.y; y < to.box.bottom(); ++y)
    for (int x = to.box.x; x < to.box.right(); ++x) {
      float alpha = 0, painted = 0, trust = 0;
      for (int j = 0; j < 4; ++j)
        for (int i = 0; i < 4; ++i) {
          const int sx = x - ix + 1 - i, sy = y - iy + 1 - j;
          if (!from.box.contains(sx, sy)) continue;
          const auto k =
              static_cast<std::size_t>(sy - from.box.y) * static_cast<std::size_t>(from.box.width) +
              static_cast<std::size_t>(sx - from.box.x);
          const float w = across[static_cast<std::size_t>(i)] * down[static_cast<std::size_t>(j)];
          alpha += w * from.alpha[k];
          painted += w * from.alpha[k] * from.colour[k];
          trust += w * from.alpha[k] * from.trust[k];
        }
      const bool any = alpha > least_alpha;  // else it is what the taps overshoot by
      to.alpha.push_back(any ? std::min(alpha, 1.f) : 0);
      to.colour.push_back(any ? painted / alpha : 0);
      to.trust.push_back(any ? std::clamp(trust / alpha, 0.f, 1.f) : 0);
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
