#include "inpaint/exemplar_fill.h"

#include <algorithm>
#include <utility>

namespace cleanplate {

ExemplarFill::ExemplarFill(PixelFormat format, const HoleMasks& holes, int radius)
    : distance_(std::max(1, 2 * radius / 3)),
      reach_(radius - distance_),
      search_(holes[0]),
      fusion_(format, holes),
      backdrops_(format, holes),
      passing_(format, holes) {}

void ExemplarFill::prepare(HeldFrame& held) const {
  passing_.picture(held.seen, held.small);
  held.anchor = !held.linked || held.frame % distance_ == 0;
}

const ExemplarSteps& ExemplarFill::steps_at(HeldFrames& window, std::size_t index) {
  HeldFrame& held = window.frames[index];
  if (std::exchange(held.looked, true) || held.given || !fusion_.textured(held.seen.planes[0]))
    return held.steps;
  window.look_around(index, reach_, crops_, pictures_);
  held.steps = search_.find(backdrops_.find(crops_));
  return held.steps;
}

void ExemplarFill::add(HeldFrames& window, std::span<const Neighbour> around,
                       std::span<const TimeNeighbour> pictures,
                       const std::array<std::span<const float>, 3>& share, Crop& out) {
  const HeldFrame& held = window.frames[window.next];
  if (!search_.usable() || held.given || !fusion_.textured(held.seen.planes[0])) return;
  if (std::none_of(share.begin(), share.end(), ExemplarFusion::wanted)) return;
  const auto [before, after, way] = window.anchors();
  std::array<ExemplarSource, 2> from{};
  from[0] = {steps_at(window, before), 1 - way};
  if (way > 0) from[1] = {steps_at(window, after), way};
  if (from[0].steps.empty() && from[1].steps.empty()) return;
  passing_.find(held.small, pictures);
  passing_.picture(out, filled_);
  fusion_.add(from, {passing_.passing(), passing_.restless(), held.small, filled_}, around, share,
              out);
}

}  // namespace cleanplate
