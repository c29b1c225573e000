/// @file
/// The cheapest way to part a picture's places in two.
#pragma once
#include <cstdint>
#include <vector>

namespace cleanplate {

/// Minimum cut by augmenting paths along two search trees (Boykov & Kolmogorov 2004).
/// Capacities are whole numbers, so that every machine cuts alike. Threads: one object, one thread.
class MinCut {
 public:
  explicit MinCut(int nodes);
  /// @param source, sink  what it costs to put the node on the sink's (source's) side; ≥ 0.
  void add_node_cost(int node, int source, int sink);
  /// What it costs to have `a` on the source's side and `b` on the sink's, and the reverse; ≥ 0.
  void add_edge(int a, int b, int forth, int back);
  void solve();
  /// Whether the node is on the source's side; after `solve`.
  [[nodiscard]] bool on_source_side(int node) const;

 private:
  enum class Tree : std::int8_t { none, source, sink };
  struct Node {
    int first = -1, parent = -1;  // arcs; `parent` leads to the parent
    std::int64_t stamp = 0;
    int depth = 0;
    int residual = 0;  // >0 from the source, <0 to the sink
    Tree tree = Tree::none;
    bool active = false;
  };
  struct Arc {
    int to, next, residual;
  };
  static constexpr int terminal = -2, orphan = -3;
  void activate(int node);
  int grow();
  void augment(int arc);
  void adopt();
  void adopt_one(int node);
  [[nodiscard]] int room(const Node& node, int arc) const;
  bool reaches_terminal(int node);

  std::vector<Node> nodes_;
  std::vector<Arc> arcs_;
  std::vector<int> queue_, orphans_;
  std::size_t head_ = 0;
  std::int64_t time_ = 0;
};

}  // namespace cleanplate
