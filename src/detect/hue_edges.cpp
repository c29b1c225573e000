#include "detect/hue_edges.h"

#include <fmt/format.h>

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

bool has_hue(const std::array<Field, 2>& chroma) {
  return !chroma[0].empty() && chroma[1].size() == chroma[0].size();
}

/// What the picture's hue outlines by steps that hardly any of it has.
struct Outlines {
  Field steps;  ///< 1 where there is one
  std::vector<Component> each;
};

Outlines outlines_in(const std::array<Field, 2>& chroma) {
  Outlines out{steps_of(chroma), {}};
  const float limit =
      std::max(least_step, static_cast<float>(clear) * quantile(out.steps.values, seldom));
  for (float& s : out.steps.values) s = s > limit ? 1.f : 0.f;
  for (Component& c : components(out.steps, gap))
    if (c.samples.size() >= least_samples && c.box.width <= largest * chroma[0].width &&
        c.box.height <= largest * chroma[0].height)
      out.each.push_back(std::move(c));
  return out;
}

/// Whether the scene moves, so that its outlines are gone from a mean of its frames.
bool scene_moves(const StaticEdges& edges) {
  constexpr std::size_t nearly_all = 8;  // tenths of its edges
  constexpr float stays = .5f;           // consistency
  const std::vector<float> all = all_edges(edges);
  return !all.empty() && all[all.size() * nearly_all / 10] < stays;
}

}  // namespace

void find_by_hue(const std::array<Field, 2>& chroma, const StaticEdges& edges, Size picture,
                 std::vector<Candidate>& candidates) {
  constexpr double surely_one = .9;
  constexpr int least_side = 6;  // samples of chroma
  constexpr double asks_for_proof = .6;
  constexpr std::size_t most = 3;
  if (!has_hue(chroma) || !scene_moves(edges)) return;
  const Size grid{chroma[0].width, chroma[0].height};
  Outlines outlines = outlines_in(chroma);
  std::stable_sort(outlines.each.begin(), outlines.each.end(), [](const auto& a, const auto& b) {
    return a.samples.size() > b.samples.size();
  });
  std::size_t found = 0;
  for (const Component& e : outlines.each) {
    const double one = one_hue(chroma, outlines.steps, e.box);
    if (std::min(e.box.width, e.box.height) < least_side || one < surely_one) continue;
    Candidate c;
    Detection& d = c.detection;
    d.box = scaled(e.box, grid, picture).intersect({0, 0, picture.width, picture.height});
    if (std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& other) {
          return other.accepted && shared(other.detection.box, d.box) > .5 &&
                 2 * other.detection.box.area() > d.box.area();
        }))
      continue;
    d.score = asks_for_proof;
    c.accepted = true;
    c.reason = fmt::format(
        "Its outline steps into one hue all the way round ({:.2f}), and stays while the scene "
        "moves.",
        one);
    candidates.push_back(std::move(c));
    if (++found == most) break;
  }
}

void grow_by_hue(const std::array<Field, 2>& chroma, Size picture,
                 std::vector<Candidate>& candidates) {
  if (!has_hue(chroma)) return;
  if (std::none_of(candidates.begin(), candidates.end(), surely_found)) return;
  const Size grid{chroma[0].width, chroma[0].height};
  const auto [steps, edges] = outlines_in(chroma);
  for (Candidate& c : candidates) {
    if (!surely_found(c)) continue;  // more scenery proves nothing
    const Box place = scaled(c.detection.box, picture, grid);
    Box grown = place;
    for (const Component& e : edges)  // what the picture's edge cuts is scenery
      if (!e.box.intersect(place.grown(gap)).empty() && !reaches_edge(e.box, grid, 2))
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
