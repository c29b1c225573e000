#include "matte/scenery.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {

float deviation(const Field& f) {
  double sum = 0, squares = 0;
  for (const float v : f.values)
    sum += static_cast<double>(v), squares += static_cast<double>(v) * static_cast<double>(v);
  const double n = std::max(1., static_cast<double>(f.size()));
  return static_cast<float>(std::sqrt(std::max(0., squares / n - sum / n * (sum / n))));
}

std::array<Field, 3> no_contrast(const CropStack& stack) {
  const Field none(stack.box(0).width, stack.box(0).height);
  return {none, none, none};
}

/// Whether a paint hardly touches what is bare.
bool enclosed(const PaintMap& map, std::uint8_t last) {
  constexpr double most_bare = .3;  // of its border
  double border = 0, bare = 0;
  const auto meet = [&](std::uint8_t a, std::uint8_t b) {
    if (a == b || (a != last && b != last)) return;
    border += 1, bare += a == 0 || b == 0;
  };
  for (int y = 0; y < map.height; ++y)
    for (int x = 0; x < map.width; ++x) {
      const std::uint8_t here = map.paint[map.index(x, y)];
      if (x + 1 < map.width) meet(here, map.paint[map.index(x + 1, y)]);
      if (y + 1 < map.height) meet(here, map.paint[map.index(x, y + 1)]);
    }
  return bare < most_bare * border;
}

}  // namespace

Scenery::Scenery(const CropStack& placebo)
    : evidence_(evidence_of(placebo, no_contrast(placebo), {1, 1, 1})),
      everywhere_(placebo.box(0).width, placebo.box(0).height, 1) {
  for (std::size_t c = 0; c < 3; ++c) deviation_[c] = deviation(evidence_.mean[c]);
}

double Scenery::use_for(const Paint& paint, std::size_t samples) const {
  const std::vector<Paint> paints{paint};
  PaintMap map{
      everywhere_.width, everywhere_.height, std::vector<std::uint8_t>(everywhere_.size()), {}};
  const double none = jumps_of(evidence_, everywhere_, paints, map, Votes::none);
  settle_paints(evidence_, everywhere_, paints, map, Votes::none, 1);
  const double share = static_cast<double>(samples) / static_cast<double>(everywhere_.size());
  return share * (none - jumps_of(evidence_, everywhere_, paints, map, Votes::none));
}

bool Scenery::may_be_seen_in(const PaintMap& map, const std::vector<Paint>& paints) const {
  constexpr float surely = 2;  // deviations
  const Paint& last = paints.back();
  const auto more = [&](std::size_t c) {
    const float may = static_cast<float>(last.alpha) * deviation_[c];
    return std::abs(last.contrast[c]) >= surely * std::max(may, evidence_.unit);
  };
  return !more(0) && !more(1) && !more(2) &&
         enclosed(map, static_cast<std::uint8_t>(paints.size()));
}

}  // namespace cleanplate
