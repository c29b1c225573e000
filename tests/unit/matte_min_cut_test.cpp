// The cut against all possible cuts of small graphs.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/random.h"
#include "matte/min_cut.h"

using namespace cleanplate;

namespace {
struct Graph {
  std::vector<std::array<int, 2>> nodes;  // cost on the sink's side, on the source's side
  struct Edge {
    int a, b, forth, back;
  };
  std::vector<Edge> edges;

  template <class OnSource>
  [[nodiscard]] int cost(OnSource on_source) const {
    int sum = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i)
      sum += nodes[i][on_source(static_cast<int>(i)) ? 1 : 0];
    for (const Edge& e : edges) {
      if (on_source(e.a) && !on_source(e.b)) sum += e.forth;
      if (on_source(e.b) && !on_source(e.a)) sum += e.back;
    }
    return sum;
  }
};

Graph random_graph(Random& random) {
  Graph g;
  const int n = 2 + random.below(8);
  for (int i = 0; i < n; ++i)
    g.nodes.push_back(
        {random.below(3) ? random.below(20) : 0, random.below(3) ? random.below(20) : 0});
  for (int k = random.below(25); k > 0; --k) {
    const int a = random.below(n), b = random.below(n);
    if (a != b) g.edges.push_back({a, b, random.below(15), random.below(15)});
  }
  return g;
}
}  // namespace

TEST_CASE("a cut is never dearer than any other") {
  Random random(7);
  for (int round = 0; round < 400; ++round) {
    const Graph g = random_graph(random);
    MinCut cut(static_cast<int>(g.nodes.size()));
    for (std::size_t i = 0; i < g.nodes.size(); ++i)
      cut.add_node_cost(static_cast<int>(i), g.nodes[i][0], g.nodes[i][1]);
    for (const Graph::Edge& e : g.edges) cut.add_edge(e.a, e.b, e.forth, e.back);
    cut.solve();
    int least = std::numeric_limits<int>::max();
    for (unsigned side = 0; side < 1U << g.nodes.size(); ++side)
      least = std::min(least, g.cost([&](int i) { return (side >> i & 1U) != 0; }));
    CAPTURE(round);
    REQUIRE(g.cost([&](int i) { return cut.on_source_side(i); }) == least);
  }
}
