#include "detect/static_candidates.h"

#include <fmt/format.h>

#include <algorithm>

#include "detect/components.h"

namespace cleanplate {

namespace {

constexpr float seed_consistency = .95f, seed_strength = 2.f;
constexpr double most_still = .12;  // share of the picture; moving cameras leave less than .05
constexpr float edge_consistency = .5f, edge_strength = 1.2f;

/// Rows and columns that are an edge over most of their length: a letterbox, a split screen.
void drop_long_lines(Field& map) {
  std::vector<int> rows(static_cast<std::size_t>(map.height), 0),
      columns(static_cast<std::size_t>(map.width), 0);
  for (int y = 0; y < map.height; ++y)
    for (int x = 0; x < map.width; ++x)
      if (map.at(x, y) > 0)
        ++rows[static_cast<std::size_t>(y)], ++columns[static_cast<std::size_t>(x)];
  const auto clear = [&](int x0, int y0, int x1, int y1) {
    for (int y = std::max(0, y0); y <= std::min(map.height - 1, y1); ++y)
      for (int x = std::max(0, x0); x <= std::min(map.width - 1, x1); ++x) map.at(x, y) = 0;
  };
  for (int y = 0; y < map.height; ++y)
    if (2 * rows[static_cast<std::size_t>(y)] > map.width) clear(0, y - 1, map.width, y + 1);
  for (int x = 0; x < map.width; ++x)
    if (2 * columns[static_cast<std::size_t>(x)] > map.height) clear(x - 1, 0, x + 1, map.height);
}

/// Share of the picture's 16 x 16 blocks with still edges in them.
double still_share(const Field& map) {
  constexpr int block = 16;
  double still = 0, blocks = 0;
  for (int y = 0; y + block <= map.height; y += block)
    for (int x = 0; x + block <= map.width; x += block) {
      int edges = 0;
      for (int j = 0; j < block; ++j)
        for (int i = 0; i < block; ++i) edges += map.at(x + i, y + j) > 0;
      still += edges >= block / 2;
      blocks += 1;
    }
  return blocks > 0 ? still / blocks : 0;
}

struct Share {
  double edges = 0, change = 0;
};

/// Share of edge samples and mean change, in `box` less `without`.
Share share_of(const Field& map, const Field& change, const Box& box, const Box& without) {
  Share s;
  double n = 0;
  for (int y = box.y; y < box.bottom(); ++y)
    for (int x = box.x; x < box.right(); ++x) {
      if (without.contains(x, y)) continue;
      s.edges += map.at(x, y) > 0;
      s.change += static_cast<double>(change.at(x, y));
      n += 1;
    }
  if (n > 0) s.edges /= n, s.change /= n;
  return s;
}

}  // namespace

std::vector<Candidate> static_candidates(const StaticEdges& edges, Size picture, double min_score) {
  const int w = edges.consistency.width, h = edges.consistency.height, r = edges.reduction;
  Field map(w, h);
  for (int y = 2; y < h - 2; ++y)
    for (int x = 2; x < w - 2; ++x) {
      const std::size_t i = map.index(x, y);
      if (edges.consistency.values[i] > edge_consistency &&
          edges.strength.values[i] > edge_strength)
        map.values[i] = edges.consistency.values[i] > seed_consistency &&
                                edges.strength.values[i] > seed_strength
                            ? 2.f
                            : 1.f;
    }
  drop_long_lines(map);

  const Box all{0, 0, w, h};
  // Overlays cover little: where much of the picture is still edges, the camera stands still.
  const double still = still_share(map);
  std::vector<Candidate> out;
  for (const Component& c : components(map, std::max(3, w / 120))) {
    int seeds = 0;
    double consistency = 0;
    for (std::size_t i : c.samples) {
      seeds += map.values[i] > 1;
      consistency += static_cast<double>(edges.consistency.values[i]);
    }
    consistency /= static_cast<double>(c.samples.size());
    if (seeds < 16) continue;
    Candidate candidate;
    Detection& d = candidate.detection;
    const Box box = c.box.grown(2).intersect(all);
    d.box = Box{box.x * r, box.y * r, box.width * r, box.height * r}.intersect(
        {0, 0, picture.width, picture.height});
    const int reach = std::max(12, std::max(box.width, box.height) / 3);
    const Share in = share_of(map, edges.change, box, {});
    const Share around = share_of(map, edges.change, box.grown(reach).intersect(all), box.grown(1));
    const double stands_out = in.edges > 0 ? std::max(0., 1 - around.edges / in.edges) : 0;
    d.score = std::clamp(stands_out * std::min(1., consistency / 1.2) *
                             std::min(1., static_cast<double>(seeds) / 48),
                         0., 1.);
    const auto refuse = [&](std::string why) { candidate.reason = std::move(why); };
    if (box.width > w * .4 || box.height > h * .4)
      refuse(fmt::format("It is too large for an overlay: {} x {} samples of {} x {}.", d.box.width,
                         d.box.height, picture.width, picture.height));
    else if (still > most_still)
      refuse(fmt::format(
          "The camera stands still ({:.0f} % of the picture is still edges), so nothing tells an "
          "overlay from the scene.",
          100 * still));
    else if (around.edges > .3 * in.edges)
      refuse(
          fmt::format("The surroundings stand still too: {:.0f} % of their samples are still "
                      "edges, {:.0f} % of its own.",
                      100 * around.edges, 100 * in.edges));
    else if (around.change < .7)
      refuse(
          fmt::format("The picture round it does not change ({:.1f} levels), so nothing tells an "
                      "overlay from the scene.",
                      around.change));
    else if (d.score < std::max(min_score, .3))
      refuse(
          fmt::format("Its score is {:.2f}; {:.2f} is needed.", d.score, std::max(min_score, .3)));
    else {
      candidate.accepted = true;
      candidate.reason = fmt::format(
          "Its edges stay ({:.1f} times their change) while the picture round it changes by {:.1f} "
          "levels.",
          consistency, around.change);
    }
    out.push_back(std::move(candidate));
  }
  std::stable_sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) {
    return a.accepted != b.accepted ? a.accepted : a.detection.score > b.detection.score;
  });
  if (out.size() > 32) out.resize(32);
  return out;
}

}  // namespace cleanplate
