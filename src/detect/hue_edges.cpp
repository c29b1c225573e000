#include "detect/hue_edges.h"

#include <algorithm>
#include <cmath>

#include "detect/components.h"
#include "detect/network_candidates.h"
#include "detect/static_candidates.h"

namespace cleanplate {

namespace {

constexpr float least_step = 4;  // levels over two samples
constexpr double clear = 1.5;    // times the steps that the scene has…
constexpr double seldom = .95;   // …but for so few
constexpr std::size_t least_samples = 12;
constexpr int gap = 2;           // samples of chroma
constexpr double largest = .4;   // of the picture's width or height
constexpr int most_growth = 12;  // times the area
constexpr double inside = .8;    // of the smaller one's box
constexpr double least_one_hue = .7;

/// The greater of both planes' steps from sample to sample but one.
Field steps_of(const std::array<Field, 2>& chroma) {
  Field out(chroma[0].width, chroma[0].height);
  for (const Field& f : chroma)
    for (int y = 0; y < f.height; ++y)
      for (int x = 0; x < f.width; ++x)
        out.at(x, y) =
            std::max(out.at(x, y), std::hypot(f.clamped(x + 1, y) - f.clamped(x - 1, y),
                                              f.clamped(x, y + 1) - f.clamped(x, y - 1)));
  return out;
}

Box scaled(const Box& box, Size from, Size to) {
  const int x = box.x * to.width / from.width, y = box.y * to.height / from.height;
  return {x, y, (box.right() * to.width + from.width - 1) / from.width - x,
          (box.bottom() * to.height + from.height - 1) / from.height - y};
}

/// How far the outermost edges in a box step into the same hue, all the way round: 1 a mark of one
/// colour, near 0 scenery, whose edges lead to this and that.
double one_hue(const std::array<Field, 2>& chroma, const Field& edges, const Box& box) {
  constexpr int off = 2;  // samples from the edge, to each side
  std::array<double, 2> sum{};
  double length = 0;
  const auto add = [&](int x, int y, int dx, int dy) {
    std::array<double, 2> step{};
    for (std::size_t p = 0; p < 2; ++p)
      step[p] = static_cast<double>(chroma[p].clamped(x + off * dx, y + off * dy) -
                                    chroma[p].clamped(x - off * dx, y - off * dy));
    sum[0] += step[0], sum[1] += step[1];
    length += std::hypot(step[0], step[1]);
  };
  const auto first = [&](int n, auto&& is, auto&& found) {
    int low = 0, high = n - 1;
    while (low < n && !is(low)) ++low;
    while (high > low && !is(high)) --high;
    if (low < high) found(low, high);
  };
  for (int y = box.y; y < box.bottom(); ++y)
    first(
        box.width, [&](int k) { return edges.at(box.x + k, y) > 0; },
        [&](int low, int high) { add(box.x + low, y, 1, 0), add(box.x + high, y, -1, 0); });
  for (int x = box.x; x < box.right(); ++x)
    first(
        box.height, [&](int k) { return edges.at(x, box.y + k) > 0; },
        [&](int low, int high) { add(x, box.y + low, 0, 1), add(x, box.y + high, 0, -1); });
  return length > 0 ? std::hypot(sum[0], sum[1]) / length : 0;
}

}  // namespace

void grow_by_hue(const std::array<Field, 2>& chroma, Size picture,
                 std::vector<Candidate>& candidates) {
  if (chroma[0].empty() || chroma[1].size() != chroma[0].size()) return;
  if (std::none_of(candidates.begin(), candidates.end(), surely_found)) return;
  const Size grid{chroma[0].width, chroma[0].height};
  Field steps = steps_of(chroma);
  const float limit =
      std::max(least_step, static_cast<float>(clear) * quantile(steps.values, seldom));
  for (float& s : steps.values) s = s > limit ? 1.f : 0.f;
  const std::vector<Component> edges = components(steps, gap);
  for (Candidate& c : candidates) {
    if (!surely_found(c)) continue;  // more scenery proves nothing
    const Box place = scaled(c.detection.box, picture, grid);
    Box grown = place;
    for (const Component& e : edges)
      if (e.samples.size() >= least_samples && e.box.width <= largest * grid.width &&
          e.box.height <= largest * grid.height && !e.box.intersect(place.grown(gap)).empty())
        grown = grown.unite(e.box.grown(1));
    if (grown == place || grown.area() > most_growth * place.area() ||
        one_hue(chroma, steps, grown.intersect({0, 0, grid.width, grid.height})) < least_one_hue)
      continue;
    Box& box = c.detection.box;
    const Box before = box;
    box = box.unite(scaled(grown, grid, picture)).intersect({0, 0, picture.width, picture.height});
    if (box.area() * 4 < before.area() * 5) {  // the hue ends where the brightness does
      box = before;
      continue;
    }
    c.reason += " Its hue goes on round it.";
    for (Candidate& other : candidates)
      if (&other != &c && other.accepted && shared(other.detection.box, box) >= inside &&
          other.detection.box.area() < box.area()) {
        c.detection.score = std::max(c.detection.score, other.detection.score);
        other.accepted = false;
        other.reason += " It is a part of a larger one.";
      }
  }
}

}  // namespace cleanplate
