#include "matte/foreign_colours.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cleanplate {

namespace {

constexpr int apart = 3;            // luma samples that a mark's edge reaches out of its place
constexpr std::size_t enough = 64;  // samples of the surroundings that tell their colours
constexpr float rare = .01f;        // share of the surroundings at either end that does not count
constexpr float least = 6;          // 8-bit levels that a colour must be off by
constexpr float wider = .25f;       // and of the surroundings' range
constexpr int rim = 2;              // luma samples that an edge is smeared over

}  // namespace

std::shared_ptr<Mask> with_foreign_colours(const Mask& mask, const CropStack& seen,
                                           const Box& place, Holes holes) {
  const Box& all = seen.box(0);
  const Box beside = place.grown(apart);
  Field foreign(all.width, all.height);
  const float unit = std::ldexp(1.f, seen.format().bits - 8);
  for (int c = 0; seen.frames() > 0 && c < seen.format().components(); ++c) {
    Field mean = seen.mean(c);
    if (c) mean = enlarged(mean, {all.width, all.height});
    std::vector<float> around;
    for (int y = 0; y < all.height; ++y)
      for (int x = 0; x < all.width; ++x)
        if (!beside.contains(x + all.x, y + all.y)) around.push_back(mean.at(x, y));
    if (around.size() < enough) continue;
    const float low = quantile(around, static_cast<double>(rare)),
                high = quantile(around, 1 - static_cast<double>(rare));
    const float off = std::max(least * unit, wider * (high - low));
    for (std::size_t i = 0; i < foreign.size(); ++i)
      if (mean.values[i] < low - off || mean.values[i] > high + off) foreign.values[i] = 1;
  }
  Field masked(all.width, all.height);
  for (int y = 0; y < all.height; ++y)
    for (int x = 0; x < all.width; ++x)
      if (mask.at(x + all.x, y + all.y) > 127) masked.at(x, y) = 1, foreign.at(x, y) = 0;
  foreign = dilated(foreign, rim);
  for (std::size_t i = 0; i < foreign.size(); ++i)
    foreign.values[i] = std::max(foreign.values[i], masked.values[i]);
  const Field whole = holes == Holes::closed ? without_holes(foreign) : std::move(foreign);
  auto out = std::make_shared<Mask>();
  out->box = all;
  out->values.reserve(static_cast<std::size_t>(all.area()));
  for (int y = all.y; y < all.bottom(); ++y)
    for (int x = all.x; x < all.right(); ++x) {
      const bool added = place.contains(x, y) && whole.at(x - all.x, y - all.y) > 0;
      out->values.push_back(added ? std::uint8_t{255} : mask.at(x, y));
    }
  return out;
}

}  // namespace cleanplate
