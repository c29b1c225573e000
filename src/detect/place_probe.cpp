#include "detect/place_probe.h"

#include <algorithm>
#include <cmath>

#include "detect/reduced_luma.h"

namespace cleanplate {

namespace {

constexpr int margin = 8;               // samples round a place whose brightness is taken
constexpr std::size_t strongest = 256;  // edges that are compared
constexpr double apart = 2.5;           // neighbouring samples' errors go together

struct Gradient {
  float x, y;
};
Gradient gradient(const Field& luma, int x, int y) {
  const float here = luma.at(x, y);
  return {here - luma.at(x - 1, y), here - luma.at(x, y - 1)};
}

}  // namespace

PlaceProbe::PlaceProbe(PassingPlace place, int reduction, Size grid)
    : place_(std::move(place)), strongest_(place_.edges), reduction_(reduction) {
  window_ = place_.box.grown(margin).intersect({0, 0, grid.width, grid.height});
  std::sort(strongest_.begin(), strongest_.end(), [](const EdgeSample& a, const EdgeSample& b) {
    return a.gx * a.gx + a.gy * a.gy > b.gx * b.gx + b.gy * b.gy;
  });
  if (strongest_.size() > strongest) strongest_.resize(strongest);
}

void PlaceProbe::compare(const Field& luma, Probe& out) const {
  float with = 0, without = 0, pattern = 0, rest = 0, left = 0;
  for (const EdgeSample& e : strongest_) {
    const int x = e.x - window_.x, y = e.y - window_.y;
    if (x < 1 || y < 1 || x >= luma.width || y >= luma.height) continue;
    Gradient g = gradient(luma, x, y);
    g.x -= e.base_x, g.y -= e.base_y;
    const Gradient lacks{e.gx - g.x, e.gy - g.y};
    with += g.x * e.gx + g.y * e.gy;
    without += lacks.x * e.gx + lacks.y * e.gy;
    pattern += e.gx * e.gx + e.gy * e.gy;
    rest += g.x * g.x + g.y * g.y;
    left += lacks.x * lacks.x + lacks.y * lacks.y;
  }
  if (pattern > 0 && rest > 0) out.alike = with / std::sqrt(pattern * rest);
  if (pattern > 0 && left > 0) out.unlike = without / std::sqrt(pattern * left);
}

std::vector<Probe> PlaceProbe::inverted() const {
  std::vector<Probe> out = frames_;
  for (Probe& p : out) p.gain = 1 - p.gain, std::swap(p.alike, p.unlike);
  return out;
}

void PlaceProbe::add(const Frame& frame) {
  const Field luma = reduced_luma(frame, reduction_, window_);
  double along = 0, power = 0, count = 0;
  for (const EdgeSample& e : place_.edges) {
    const int x = e.x - window_.x, y = e.y - window_.y;
    if (x < 1 || y < 1) continue;
    Gradient g = gradient(luma, x, y);
    g.x -= e.base_x, g.y -= e.base_y;
    along += static_cast<double>(g.x * e.gx + g.y * e.gy);
    power += static_cast<double>(g.x * g.x + g.y * g.y);
    count += 1;
  }
  Probe p;
  p.gain = static_cast<float>(along / place_.power);
  const double rest = std::max(0., power - along * along / place_.power);
  p.error = static_cast<float>(apart * std::sqrt(rest / std::max(1., 2 * count) / place_.power));
  compare(luma, p);
  double sum = 0, n = 0;
  for (int y = 0; y < luma.height; ++y)
    for (int x = 0; x < luma.width; ++x)
      if (!place_.box.contains(x + window_.x, y + window_.y))
        sum += static_cast<double>(luma.at(x, y)), n += 1;
  p.around = n > 0 ? static_cast<float>(sum / n) : 0;
  frames_.push_back(p);
}

}  // namespace cleanplate
