#include <algorithm>
#include <catch2/catch.hpp>

#include "detect/static_candidates.h"

using namespace cleanplate;

namespace {

constexpr Size picture{480, 270};
const Box mark{400, 30, 36, 36};

/// Edges that stay so well in an outline of three samples.
void outline(StaticEdges& edges, const Box& box, float consistency) {
  for (int y = box.y; y < box.bottom(); ++y)
    for (int x = box.x; x < box.right(); ++x)
      if (!box.grown(-3).contains(x, y))
        edges.consistency.at(x, y) = consistency, edges.strength.at(x, y) = 3 * consistency;
}

/// A scene that moves and has edges everywhere, and before it what stays.
StaticEdges moving_scene_with_mark() {
  StaticEdges edges;
  edges.consistency = edges.strength = edges.change = Field(picture.width, picture.height);
  std::fill(edges.consistency.values.begin(), edges.consistency.values.end(), .2f);
  std::fill(edges.strength.values.begin(), edges.strength.values.end(), 1.f);
  std::fill(edges.change.values.begin(), edges.change.values.end(), 4.f);
  edges.area_change = Field(picture.width / StaticEdges::area, picture.height / StaticEdges::area);
  std::fill(edges.area_change.values.begin(), edges.area_change.values.end(), 3.f);
  outline(edges, mark, 3);
  return edges;
}

const Candidate& at(const std::vector<Candidate>& all, const Box& box) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Candidate& c) {
    return c.detection.box.intersect(box) == box && c.detection.box.area() < 2 * box.area();
  });
  REQUIRE(found != all.end());
  return *found;
}

}  // namespace

TEST_CASE("what stays before a scene that moves is surely a mark") {
  const auto all = static_candidates(moving_scene_with_mark(), picture, .1);
  const Candidate& found = at(all, mark);
  REQUIRE(found.accepted);
  REQUIRE(found.detection.score >= sure_score);
}

TEST_CASE("several marks before a scene that moves are sure each") {
  StaticEdges edges = moving_scene_with_mark();
  std::vector<Box> marks{mark};
  for (const int x : {40, 110, 180, 250, 320}) marks.push_back({x, 200, 30, 24});
  for (const Box& box : marks) outline(edges, box, 3);
  const auto all = static_candidates(edges, picture, .1);
  for (const Box& box : marks) REQUIRE(at(all, box).detection.score >= sure_score);
}

TEST_CASE("what stays no better than a third of the scene does is not surely a mark") {
  StaticEdges edges = moving_scene_with_mark();
  outline(edges, mark, 2.6f);
  // One thing that is too large for a mark, before which nobody walks.
  for (int y = 10; y < 260; ++y)
    for (int x = 10; x < 170; ++x)
      if ((x / 2 + y / 2) % 2 == 0) edges.consistency.at(x, y) = 2, edges.strength.at(x, y) = 6;
  const auto all = static_candidates(edges, picture, .1);
  REQUIRE(at(all, mark).detection.score < sure_score - .1);
}

TEST_CASE("a weak find where much of the scene stays as well is less than either alone tells") {
  StaticEdges edges = moving_scene_with_mark();
  outline(edges, mark, 1.8f);
  const double alone = at(static_candidates(edges, picture, .1), mark).detection.score;
  for (int y = 10; y < 260; ++y)
    for (int x = 10; x < 170; ++x)
      if ((x / 2 + y / 2) % 2 == 0) edges.consistency.at(x, y) = 2, edges.strength.at(x, y) = 6;
  // A sixth of the picture's edges.
  REQUIRE(at(static_candidates(edges, picture, .1), mark).detection.score < .78 * alone);
}
