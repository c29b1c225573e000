#include "matte/field_model.h"

namespace cleanplate {

OverlayModel field_of(const OverlayModel& model, int parity) {
  OverlayModel out = model;
  for (Matte& matte : out.mattes) {
    const Matte whole = matte;
    matte.alpha.clear(), matte.colour.clear(), matte.trust.clear();
    int rows = 0;
    for (int y = 0; !whole.alpha.empty() && y < whole.box.height; ++y) {
      if (((whole.box.y + y) & 1) != parity) continue;
      const auto from = static_cast<std::ptrdiff_t>(y) * whole.box.width;
      const auto to = from + whole.box.width;
      matte.alpha.insert(matte.alpha.end(), whole.alpha.begin() + from, whole.alpha.begin() + to);
      matte.colour.insert(matte.colour.end(), whole.colour.begin() + from,
                          whole.colour.begin() + to);
      matte.trust.insert(matte.trust.end(), whole.trust.begin() + from, whole.trust.begin() + to);
      if (rows++ == 0) matte.box.y = whole.box.y + y;
    }
    if (!whole.alpha.empty()) matte.box.height = rows;
  }
  return out;
}

}  // namespace cleanplate
