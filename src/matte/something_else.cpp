#include "matte/something_else.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {

constexpr double stays = .25;       // change of a gain that is none
constexpr double most_of_it = .95;  // quantile: text covers a small part of its place
constexpr float least = 20;         // levels, of a step
constexpr float more = 4;           // times what is usual there, and what changes round it
constexpr float sudden = 1.5f;      // times what changes a frame before and after
constexpr int passing = 2;          // frames before and after

/// How much the place and what is round it change from one frame to the next, 8-bit levels.
struct Change {
  float place, around;
};

Change change_between(const CropStack& seen, int before, int after, const Field& hint) {
  const auto unit = static_cast<float>(1 << (seen.format().bits - 8));
  const auto *a = seen.samples(0, before), *b = seen.samples(0, after);
  std::vector<float> place, around;
  for (std::size_t i = 0; i < hint.size(); ++i)
    (hint.values[i] > 0 ? place : around)
        .push_back(std::abs(static_cast<float>(b[i]) - static_cast<float>(a[i])) / unit);
  return {quantile(std::move(place), most_of_it), quantile(std::move(around), most_of_it)};
}

}  // namespace

bool something_else_comes(const CropStack& seen, const std::vector<FrameGain>& gains,
                          const Field& hint) {
  std::vector<Change> changes;
  std::vector<float> sizes;
  for (int t = 1; t < seen.frames(); ++t) {
    changes.push_back(change_between(seen, t - 1, t, hint));
    sizes.push_back(changes.back().place);
  }
  const float usual = quantile(std::move(sizes), .5);
  // What only passes is gone again.
  const auto stays_for_a_while = [&](int before, int after) {
    for (int more_apart = 1; more_apart <= passing; ++more_apart) {
      const auto [place, around] =
          change_between(seen, std::max(0, before - more_apart),
                         std::min(seen.frames() - 1, after + more_apart), hint);
      if (place <= std::max(least, more * around)) return false;
    }
    return true;
  };
  for (std::size_t t = 0; t < changes.size(); ++t) {
    const auto [place, around] = changes[t];
    const float beside = std::max(t > 0 ? changes[t - 1].place : 0.f,
                                  t + 1 < changes.size() ? changes[t + 1].place : 0.f);
    if (place > std::max({least, more * usual, more * around, sudden * beside}) &&
        std::abs(gains[t + 1].value - gains[t].value) < stays &&
        stays_for_a_while(static_cast<int>(t), static_cast<int>(t) + 1))
      return true;
  }
  return false;
}

}  // namespace cleanplate
