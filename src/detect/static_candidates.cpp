#include "detect/static_candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "detect/components.h"
#include "detect/network_candidates.h"

namespace cleanplate {

namespace {

// What counts as an edge that stays, mildest first: what is too large at one level (an overlay that
// touches still scenery) is looked at again at the next.
struct Level {
  float edge_consistency, edge_strength, seed_consistency, seed_strength;
};
constexpr Level levels[] = {{.5f, 1.2f, .95f, 2.f}, {.8f, 2.4f, 1.1f, 3.f}, {1.2f, 4.f, 1.5f, 5.f}};
constexpr double largest = .4;  // of the picture's width or height
// Change between areas over that between samples: 1/8 where there is nothing but noise, .15 to .2
// after coding and where a camera is held nearly still; a scene that moves has .5 and more.
constexpr double noise_alone = .2;
constexpr double strong_consistency = 3;  // mean gradient over its change, for a score near 1
constexpr double unsure_score = .6;       // the most of what needs a second proof
constexpr double nearly_as_well = .6;     // of an overlay's consistency…
constexpr double most_elsewhere = .05;    // …which so many of the scene's edges may have
constexpr std::size_t most_taken = 8;     // places that are worth a closer look

/// 1 at an edge, 2 at a strong one, in the given box.
Field edge_map(const StaticEdges& edges, const Level& level, const Box& within) {
  Field map(edges.consistency.width, edges.consistency.height);
  const Box box = within.intersect(Box{0, 0, map.width, map.height}.grown(-2));
  for (int y = box.y; y < box.bottom(); ++y)
    for (int x = box.x; x < box.right(); ++x) {
      const std::size_t i = map.index(x, y);
      const float c = edges.consistency.values[i], g = edges.strength.values[i];
      if (c > level.edge_consistency && g > level.edge_strength)
        map.values[i] = c > level.seed_consistency && g > level.seed_strength ? 2.f : 1.f;
    }
  return map;
}

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

struct Share {
  double edges = 0, change = 0, area_change = 0;
};

/// Share of edge samples and mean changes, in `box` less `without`.
Share share_of(const Field& map, const StaticEdges& edges, const Box& box, const Box& without) {
  const Field& areas = edges.area_change;
  Share s;
  double n = 0;
  for (int y = box.y; y < box.bottom(); ++y)
    for (int x = box.x; x < box.right(); ++x) {
      if (without.contains(x, y)) continue;
      s.edges += map.at(x, y) > 0;
      s.change += static_cast<double>(edges.change.at(x, y));
      // The first row and column have no gradient.
      if (!areas.empty())
        s.area_change += static_cast<double>(
            areas.clamped(std::max(1, x / StaticEdges::area), std::max(1, y / StaticEdges::area)));
      n += 1;
    }
  if (n > 0) s.edges /= n, s.change /= n, s.area_change /= n;
  return s;
}

struct Found {
  Candidate candidate;
  double less = 1;  ///< what its score is to be multiplied by, when the strongest are chosen
};

class Search {
 public:
  Search(const StaticEdges& edges, Size picture, double min_score)
      : edges_(edges),
        picture_(picture),
        min_score_(std::max(min_score, .12)),
        sorted_(all_edges(edges)) {}

  std::vector<Found> run() {
    look(0, {0, 0, edges_.consistency.width, edges_.consistency.height});
    return std::move(found_);
  }

 private:
  void look(std::size_t level, const Box& within) {
    Field map = edge_map(edges_, levels[level], within);
    if (level == 0) drop_long_lines(map);
    const int gap = level == 0 ? std::max(3, map.width / 120) : 3;
    for (const Component& c : components(map, gap)) {
      if (c.samples.size() < 16) continue;
      const bool large = c.box.width > map.width * largest || c.box.height > map.height * largest;
      if (large && level + 1 < std::size(levels))
        look(level + 1, c.box);
      else
        judge(map, c, large);
    }
  }

  void judge(const Field& map, const Component& c, bool large) {
    int seeds = 0;
    double consistency = 0;
    for (std::size_t i : c.samples) {
      seeds += map.values[i] > 1;
      consistency += static_cast<double>(edges_.consistency.values[i]);
    }
    consistency /= static_cast<double>(c.samples.size());
    if (seeds < 16) return;
    const int r = edges_.reduction;
    const Box all{0, 0, map.width, map.height};
    const Box box = c.box.grown(2).intersect(all);
    const Share in = share_of(map, edges_, box, {});
    const int reach = std::max(12, std::max(box.width, box.height) / 3);
    const Share around = share_of(map, edges_, box.grown(reach).intersect(all), box.grown(1));
    Candidate out;
    Detection& d = out.detection;
    d.box = Box{box.x * r, box.y * r, box.width * r, box.height * r}.intersect(
        {0, 0, picture_.width, picture_.height});
    const double stands_out = in.edges > 0 ? std::max(0., 1 - around.edges / in.edges) : 0;
    const double elsewhere = staying_elsewhere(nearly_as_well * consistency, box.grown(2));
    d.score = stands_out * (1 - elsewhere) * std::min(1., consistency / strong_consistency) *
              std::min(1., static_cast<double>(seeds) / 48);
    if (large)
      out.reason = fmt::format("It is too large for an overlay: {} x {} samples of {} x {}.",
                               d.box.width, d.box.height, picture_.width, picture_.height);
    else if (around.edges > .7 * in.edges)
      out.reason = fmt::format(
          "The surroundings stand still too: {:.0f} % of their samples are still edges, {:.0f} % "
          "of "
          "its own.",
          100 * around.edges, 100 * in.edges);
    else if (around.change < .5)
      out.reason = fmt::format(
          "The picture round it does not change ({:.1f} levels), so nothing tells an overlay from "
          "the scene.",
          around.change);
    else if (around.area_change < noise_alone * around.change)
      out.reason = fmt::format(
          "The picture round it changes by its noise alone ({:.1f} levels, {:.1f} between areas).",
          around.change, around.area_change);
    else if (d.score < min_score_)
      out.reason = fmt::format("Its score is {:.2f}; {:.2f} is needed.", d.score, min_score_);
    else
      out.accepted = true,
      out.reason = fmt::format(
          "Its edges stay ({:.1f} times their change) while the picture round it changes by {:.1f} "
          "levels and {:.0f} % of the scene's edges stay nearly as well.",
          consistency, around.change, 100 * elsewhere);
    // Scenery is cut by the picture's edge, overlays keep away from it.
    const bool at_edge = reaches_edge(box, {map.width, map.height}, 5);
    if (at_edge || around.change < 2 || elsewhere > most_elsewhere)
      d.score = std::min(d.score, unsure_score);
    // Much of a still scene looks so: a weak find tells less than its score.
    found_.push_back({std::move(out), elsewhere > most_elsewhere ? 1 - elsewhere : 1});
  }

  /// Share of the scene's edges that stay so well. Where the camera stands still many do: what is
  /// left of a kerb by those who walk before it stays better than what is round it, as a mark does.
  [[nodiscard]] double staying_elsewhere(double well, const Box& without) const {
    const auto least = static_cast<float>(well);
    std::ptrdiff_t all = std::ssize(sorted_),
                   stay = sorted_.end() - std::upper_bound(sorted_.begin(), sorted_.end(), least);
    const Box own = without.intersect({0, 0, edges_.consistency.width, edges_.consistency.height});
    for (int y = own.y; y < own.bottom(); ++y)
      for (int x = own.x; x < own.right(); ++x) {
        const std::size_t i = edges_.consistency.index(x, y);
        if (!scene_edge(edges_, i)) continue;
        --all;
        stay -= edges_.consistency.values[i] > least;
      }
    return all > 0 ? static_cast<double>(stay) / static_cast<double>(all) : 0;
  }

  const StaticEdges& edges_;
  Size picture_;
  double min_score_;
  std::vector<float> sorted_;  // see all_edges
  std::vector<Found> found_;
};

/// What lies in a larger one's box belongs to it: a mark of two halves is one.
void unite_nested(std::vector<Found>& all) {
  constexpr double inside = .8;  // of the smaller one's box
  for (auto& [small, less] : all)
    for (auto& [large, large_less] : all) {
      Detection &s = small.detection, &l = large.detection;
      if (!small.accepted || !large.accepted || s.box.area() >= l.box.area() ||
          shared(s.box, l.box) < inside)
        continue;
      if (s.score > l.score) l.score = s.score, large_less = less;
      small.accepted = false;
      small.reason += " It is a part of a larger one.";
    }
}

/// Of two that stand out alike the larger is looked at first.
double weight(const Candidate& c) {
  return c.detection.score * std::sqrt(static_cast<double>(c.detection.box.area()));
}

}  // namespace

std::vector<Candidate> static_candidates(const StaticEdges& edges, Size picture, double min_score) {
  Search search(edges, picture, min_score);
  std::vector<Found> found = search.run();
  unite_nested(found);
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    const Candidate &first = a.candidate, &second = b.candidate;
    return first.accepted != second.accepted ? first.accepted : weight(first) > weight(second);
  });
  constexpr std::size_t most_told = 32;
  if (found.size() > most_told) found.resize(most_told);
  std::vector<Candidate> out;
  std::size_t taken = 0;
  for (auto& [c, less] : found) {
    if (c.accepted && ++taken > most_taken) {
      c.accepted = false;
      c.reason = fmt::format("{} others stand out more.", most_taken);
    }
    c.detection.score *= less;
    out.push_back(std::move(c));
  }
  return out;
}

}  // namespace cleanplate
