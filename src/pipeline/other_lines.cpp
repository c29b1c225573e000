#include "pipeline/other_lines.h"

#include <algorithm>

#include "detect/network_candidates.h"

namespace cleanplate {

std::vector<std::size_t> filled_as_other_lines(const std::vector<PlannedOverlay>& overlays,
                                               const std::vector<bool>& seen_bare) {
  constexpr double same_place = .5;
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < overlays.size(); ++k) {
    const PlannedOverlay& line = overlays[k];
    if (line.method != Method::unblend || line.stays.empty() || seen_bare[k]) continue;
    if (std::any_of(overlays.begin(), overlays.end(), [&](const PlannedOverlay& other) {
          return other.method == Method::fill && !other.stays.empty() &&
                 shared(other.detection.box, line.detection.box) > same_place;
        }))
      out.push_back(k);
  }
  return out;
}

}  // namespace cleanplate
