#include "matte/outline.h"

#include <algorithm>

#include "matte/foreign_colours.h"

namespace cleanplate {

namespace {

constexpr float surely = .5f;   // probability by looks, from which on a sample is the mark's…
constexpr float perhaps = .2f;  // …from which on it may be one of its edge…
constexpr float hardly = .05f;  // …and from which on it is one beside such
constexpr int smear = 1;        // luma samples round those that an edge is smeared over
constexpr int apart = 3;        // luma samples that a mark's edge reaches out of its place

/// Variance over time of the luma, 8-bit levels squared.
Field change_of(const CropStack& seen) {
  const Field mean = seen.mean(0);
  Field out(mean.width, mean.height);
  const auto unit = static_cast<float>(1 << (seen.format().bits - 8));
  const float share = 1 / (unit * unit * static_cast<float>(std::max(1, seen.frames())));
  for (int t = 0; t < seen.frames(); ++t) {
    const Field frame = seen.field(0, t);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const float off = frame.values[i] - mean.values[i];
      out.values[i] += share * off * off;
    }
  }
  return out;
}

}  // namespace

std::shared_ptr<Mask> mark_outline(const Mask* support, const Likely& likely, const CropStack& seen,
                                   const Box& place, Margin margin) {
  const Box& box = seen.box(0);
  Field sure(box.width, box.height);
  for (int y = 0; y < box.height; ++y)
    for (int x = 0; x < box.width; ++x) {
      const bool told = support && support->at(x + box.x, y + box.y) > 0;
      const bool looks =
          likely.known() && likely.overlay.at(x, y) > (margin == Margin::wide ? hardly : surely);
      sure.at(x, y) = told || looks ? 1.f : 0.f;
    }
  sure = dilated(sure, smear);
  Mask mask{box, {}};
  for (std::size_t i = 0; i < sure.size(); ++i) {
    const bool maybe = likely.known() && likely.overlay.values[i] > perhaps;
    mask.values.push_back(sure.values[i] > 0 || maybe ? 255 : 0);
  }
  return with_foreign_colours(mask, seen, place, likely.known() ? Holes::kept : Holes::closed);
}

bool changes_beside(const Mask& outline, const CropStack& seen, const Box& place) {
  constexpr double usual = .99;  // share of the surroundings that changes no more
  constexpr float more = 2, least = 36, few = .01f;
  const Box &box = seen.box(0), beside = place.grown(apart);
  const Field change = change_of(seen);
  std::vector<float> around;
  for (int y = 0; y < box.height; ++y)
    for (int x = 0; x < box.width; ++x)
      if (!beside.contains(x + box.x, y + box.y)) around.push_back(change.at(x, y));
  const float limit = more * quantile(std::move(around), usual) + least;
  float off = 0;
  for (int y = 0; y < box.height; ++y)
    for (int x = 0; x < box.width; ++x)
      off += place.contains(x + box.x, y + box.y) && outline.at(x + box.x, y + box.y) == 0 &&
             change.at(x, y) > limit;
  return off > few * static_cast<float>(place.area());
}

}  // namespace cleanplate
