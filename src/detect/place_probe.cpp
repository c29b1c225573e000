#include "detect/place_probe.h"

#include <algorithm>
#include <cmath>

#include "detect/reduced_plane.h"

namespace cleanplate {

namespace {

constexpr int margin = 8;               // samples round a place whose brightness is taken
constexpr std::size_t strongest = 256;  // edges that are compared
constexpr double apart = 2.5;           // neighbouring samples' errors go together

constexpr double least_shown = .2;  // of a place's power, in a plane that shows it

Slope slope(const Field& plane, int x, int y) {
  const float here = plane.at(x, y);
  return {here - plane.at(x - 1, y), here - plane.at(x, y - 1)};
}

}  // namespace

PlaceProbe::PlaceProbe(PassingPlace place, int reduction, Size grid)
    : place_(std::move(place)), strongest_(place_.edges), reduction_(reduction) {
  window_ = place_.box.grown(margin).intersect({0, 0, grid.width, grid.height});
  std::sort(strongest_.begin(), strongest_.end(),
            [](const EdgeSample& a, const EdgeSample& b) { return power_of(a) > power_of(b); });
  if (strongest_.size() > strongest) strongest_.resize(strongest);
}

bool PlaceProbe::shows(std::size_t plane) const {
  if (plane > 0 && !clear_in_chroma(place_.edges.size(), place_.pure_in[plane])) return false;
  return place_.power[plane] > least_shown * place_.all_power();
}

void PlaceProbe::compare(const Field& seen, std::size_t plane, Probe& out) const {
  float with = 0, without = 0, pattern = 0, rest = 0, left = 0;
  for (const EdgeSample& e : strongest_) {
    const int x = e.x - window_.x, y = e.y - window_.y;
    if (x < 1 || y < 1 || x >= seen.width || y >= seen.height) continue;
    const Slope& adds = e.adds[plane];
    const Slope g = slope(seen, x, y) - e.base[plane], lacks = adds - g;
    with += dot(g, adds);
    without += dot(lacks, adds);
    pattern += dot(adds, adds);
    rest += dot(g, g);
    left += dot(lacks, lacks);
  }
  if (pattern > 0 && rest > 0) out.alike = with / std::sqrt(pattern * rest);
  if (pattern > 0 && left > 0) out.unlike = without / std::sqrt(pattern * left);
}

std::vector<Probe> PlaceProbe::inverted(std::size_t plane) const {
  std::vector<Probe> out = frames_[plane];
  for (Probe& p : out) p.gain = 1 - p.gain, std::swap(p.alike, p.unlike);
  return out;
}

void PlaceProbe::add(const Frame& frame) {
  for (std::size_t k = 0; k < planes; ++k)
    if (shows(k)) frames_[k].push_back(probed(frame, k));
}

Probe PlaceProbe::probed(const Frame& frame, std::size_t plane) const {
  const Field seen = reduced_plane(frame, static_cast<int>(plane), reduction_, window_);
  double along = 0, power = 0, count = 0;
  for (const EdgeSample& e : place_.edges) {
    const int x = e.x - window_.x, y = e.y - window_.y;
    if (x < 1 || y < 1) continue;
    const Slope g = slope(seen, x, y) - e.base[plane];
    along += static_cast<double>(dot(g, e.adds[plane]));
    power += static_cast<double>(dot(g, g));
    count += 1;
  }
  Probe p;
  p.gain = static_cast<float>(along / place_.power[plane]);
  const double rest = std::max(0., power - along * along / place_.power[plane]);
  p.error =
      static_cast<float>(apart * std::sqrt(rest / std::max(1., 2 * count) / place_.power[plane]));
  compare(seen, plane, p);
  double sum = 0, n = 0;
  for (int y = 0; y < seen.height; ++y)
    for (int x = 0; x < seen.width; ++x)
      if (!place_.box.contains(x + window_.x, y + window_.y))
        sum += static_cast<double>(seen.at(x, y)), n += 1;
  p.around = n > 0 ? static_cast<float>(sum / n) : 0;
  return p;
}

}  // namespace cleanplate
