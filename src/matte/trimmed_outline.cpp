#include "matte/trimmed_outline.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "matte/hole_fill.h"

namespace cleanplate {

namespace {

constexpr double dense = .25;  // share of the mark's opacity, from which on a sample is its own
constexpr float surely = .5f;  // probability by looks, likewise
constexpr int beside = 2;      // luma samples round the outline that are foretold for comparison…
constexpr int near = 8;        // …and how far off they count
constexpr float as_well = 2.5f;  // times their mean error
constexpr float unseen = 1;      // 8-bit levels that nobody sees

Field surely_marked(const OverlayModel* model, const Likely& likely, const Box& box) {
  Field sure(box.width, box.height);
  for (std::size_t i = 0; i < sure.size(); ++i)
    if ((model && static_cast<double>(model->mattes[0].alpha[i]) > dense * model->alpha_peak) ||
        (likely.known() && likely.overlay.values[i] > surely))
      sure.values[i] = 1;
  return sure;
}

/// What each component is off from a fill of the hole.
std::vector<Field> off_from_fill(const std::vector<Field>& picture, const Field& hole) {
  std::vector<Field> off = picture;
  HoleFill{hole}(off);
  for (std::size_t c = 0; c < picture.size(); ++c)
    for (std::size_t i = 0; i < hole.size(); ++i)
      off[c].values[i] = std::abs(picture[c].values[i] - off[c].values[i]);
  return off;
}

/// The mean of those of some samples that are near, for each.
Field mean_near(Field values, const Field& some) {
  for (std::size_t i = 0; i < values.size(); ++i) values.values[i] *= some.values[i];
  values = box_mean(values, near);
  const Field share = box_mean(some, near);
  for (std::size_t i = 0; i < values.size(); ++i)
    values.values[i] = share.values[i] > 0 ? values.values[i] / share.values[i] : 0;
  return values;
}

/// 1 where a fill foretells all components of the hole as well as of what is beside it.
Field foretold(const CropStack& seen, const Field& hole) {
  const Field wide = dilated(hole, beside);
  Field ring = wide, out(hole.width, hole.height, 1);
  for (std::size_t i = 0; i < ring.size(); ++i) ring.values[i] -= hole.values[i];
  const std::vector<Field> picture = seen.mean_picture();
  std::vector<Field> off = off_from_fill(picture, hole), usual = off_from_fill(picture, wide);
  for (std::size_t c = 0; c < picture.size(); ++c) {
    const Field error = mean_near(std::move(usual[c]), ring);
    for (std::size_t i = 0; i < out.size(); ++i)
      if (off[c].values[i] > as_well * error.values[i] + unseen) out.values[i] = 0;
  }
  return out;
}

}  // namespace

std::shared_ptr<Mask> trimmed_outline(const Mask& outline, const OverlayModel* model,
                                      const Likely& likely, const CropStack& seen) {
  auto out = std::make_shared<Mask>(outline);
  const Box& box = outline.box;
  Field hole(box.width, box.height);
  std::vector<std::size_t> front;  // from outside inwards
  for (std::size_t i = 0; i < hole.size(); ++i) {
    hole.values[i] = outline.values[i] > 0 ? 1.f : 0.f;
    if (outline.values[i] == 0) front.push_back(i);
  }
  if (seen.frames() == 0 || front.empty()) return out;
  const Field sure = surely_marked(model, likely, box), scene = foretold(seen, hole);
  while (!front.empty()) {
    const int x = static_cast<int>(front.back()) % box.width,
              y = static_cast<int>(front.back()) / box.width;
    front.pop_back();
    constexpr std::array<std::array<int, 2>, 4> sides{{{-1, 0}, {1, 0}, {0, -1}, {0, 1}}};
    for (const auto& [dx, dy] : sides) {
      const int u = x + dx, v = y + dy;
      if (u < 0 || v < 0 || u >= box.width || v >= box.height) continue;
      const std::size_t i = hole.index(u, v);
      if (out->values[i] == 0 || sure.values[i] > 0 || scene.values[i] <= 0) continue;
      out->values[i] = 0;
      front.push_back(i);
    }
  }
  return out;
}

}  // namespace cleanplate
