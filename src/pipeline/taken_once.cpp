#include "pipeline/taken_once.h"

#include <algorithm>

namespace cleanplate {

namespace {

constexpr double mostly = .5;  // of the smaller one's samples

std::int64_t samples(const Mask& mask) {
  return std::count_if(mask.values.begin(), mask.values.end(), [](auto v) { return v > 0; });
}

std::int64_t common(const Mask& a, const Mask& b) {
  const Box both = a.box.intersect(b.box);
  std::int64_t n = 0;
  for (int y = both.y; y < both.bottom(); ++y)
    for (int x = both.x; x < both.right(); ++x) n += a.at(x, y) > 0 && b.at(x, y) > 0;
  return n;
}

bool always_with(const PlannedOverlay& one, const PlannedOverlay& other) {
  return one.stays.empty() && other.stays.empty() && one.when.from >= other.when.from &&
         one.when.to <= other.when.to;
}

/// @param measured  in the place; null: not known.
bool is_only(const PlannedOverlay& place, const Mask* measured, const PlannedOverlay& part) {
  constexpr double all = .8;  // of what was measured
  return measured && place.method == Method::fill && part.method == Method::unblend &&
         always_with(place, part) &&
         static_cast<double>(common(*measured, *part.support)) >
             all * static_cast<double>(samples(*measured));
}

}  // namespace

std::vector<std::size_t> taken_with_another(
    const std::vector<PlannedOverlay>& overlays,
    const std::vector<std::shared_ptr<const Mask>>& measured) {
  std::vector<std::size_t> out;
  const auto left_out = [&](std::size_t k) {
    return std::find(out.begin(), out.end(), k) != out.end();
  };
  for (std::size_t k = 0; k < measured.size(); ++k)
    if (std::any_of(overlays.begin(), overlays.end(), [&](const PlannedOverlay& part) {
          return is_only(overlays[k], measured[k].get(), part);
        }))
      out.push_back(k);
  for (std::size_t k = 0; k < overlays.size(); ++k) {
    if (left_out(k)) continue;
    const std::int64_t own = samples(*overlays[k].support);
    for (std::size_t j = 0; j < overlays.size(); ++j) {
      if (j == k || left_out(j) || !always_with(overlays[k], overlays[j])) continue;
      if (samples(*overlays[j].support) < own) continue;
      if (static_cast<double>(common(*overlays[k].support, *overlays[j].support)) <=
          mostly * static_cast<double>(own))
        continue;
      out.push_back(k);
      break;
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace cleanplate
