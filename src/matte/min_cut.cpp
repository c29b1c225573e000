#include "matte/min_cut.h"

#include <algorithm>
#include <limits>

namespace cleanplate {

MinCut::MinCut(int nodes) : nodes_(static_cast<std::size_t>(nodes)) {}

void MinCut::add_node_cost(int node, int source, int sink) {
  nodes_[static_cast<std::size_t>(node)].residual += source - sink;
}

void MinCut::add_edge(int a, int b, int forth, int back) {
  if (forth == 0 && back == 0) return;
  const auto arc = static_cast<int>(arcs_.size());
  Node &from = nodes_[static_cast<std::size_t>(a)], &to = nodes_[static_cast<std::size_t>(b)];
  arcs_.push_back({b, from.first, forth});
  arcs_.push_back({a, to.first, back});
  from.first = arc;
  to.first = arc + 1;
}

void MinCut::activate(int node) {
  Node& n = nodes_[static_cast<std::size_t>(node)];
  if (n.active) return;
  n.active = true;
  queue_.push_back(node);
}

/// What can still flow through `arc` of a tree's node, away from the source or towards the sink.
int MinCut::room(const Node& node, int arc) const {
  return node.tree == Tree::source ? arcs_[static_cast<std::size_t>(arc)].residual
                                   : arcs_[static_cast<std::size_t>(arc ^ 1)].residual;
}

/// @return an arc from the source's tree to the sink's with room left; −1 when the trees are apart.
int MinCut::grow() {
  while (head_ < queue_.size()) {
    const int i = queue_[head_];
    Node& n = nodes_[static_cast<std::size_t>(i)];
    if (n.tree != Tree::none) {
      for (int a = n.first; a >= 0; a = arcs_[static_cast<std::size_t>(a)].next) {
        if (room(n, a) <= 0) continue;
        const int j = arcs_[static_cast<std::size_t>(a)].to;
        Node& other = nodes_[static_cast<std::size_t>(j)];
        if (other.tree == Tree::none) {
          other.tree = n.tree;
          other.parent = a ^ 1;
          other.depth = n.depth + 1;
          other.stamp = n.stamp;
          activate(j);
        } else if (other.tree != n.tree) {
          return n.tree == Tree::source ? a : a ^ 1;
        }
      }
    }
    n.active = false;
    ++head_;
  }
  return -1;
}

void MinCut::augment(int arc) {
  const auto ends = [&](int a) {
    return std::pair{arcs_[static_cast<std::size_t>(a ^ 1)].to,
                     arcs_[static_cast<std::size_t>(a)].to};
  };
  const auto [s, t] = ends(arc);
  int least = arcs_[static_cast<std::size_t>(arc)].residual;
  // A parent arc leads from child to parent: flow from the source runs against it.
  for (int i = s;;) {
    const Node& n = nodes_[static_cast<std::size_t>(i)];
    if (n.parent == terminal) {
      least = std::min(least, n.residual);
      break;
    }
    least = std::min(least, arcs_[static_cast<std::size_t>(n.parent ^ 1)].residual);
    i = arcs_[static_cast<std::size_t>(n.parent)].to;
  }
  for (int i = t;;) {
    const Node& n = nodes_[static_cast<std::size_t>(i)];
    if (n.parent == terminal) {
      least = std::min(least, -n.residual);
      break;
    }
    least = std::min(least, arcs_[static_cast<std::size_t>(n.parent)].residual);
    i = arcs_[static_cast<std::size_t>(n.parent)].to;
  }
  arcs_[static_cast<std::size_t>(arc)].residual -= least;
  arcs_[static_cast<std::size_t>(arc ^ 1)].residual += least;
  const auto push = [&](int from, bool source) {
    for (int i = from;;) {
      Node& n = nodes_[static_cast<std::size_t>(i)];
      if (n.parent == terminal) {
        n.residual += source ? -least : least;
        if (n.residual == 0) n.parent = orphan, orphans_.push_back(i);
        return;
      }
      const int up = n.parent, used = source ? up ^ 1 : up;
      arcs_[static_cast<std::size_t>(used)].residual -= least;
      arcs_[static_cast<std::size_t>(used ^ 1)].residual += least;
      const int next = arcs_[static_cast<std::size_t>(up)].to;
      if (arcs_[static_cast<std::size_t>(used)].residual == 0)
        n.parent = orphan, orphans_.push_back(i);
      i = next;
    }
  };
  push(s, true);
  push(t, false);
}

/// Whether the way up from the node still ends at its terminal; sets depths and stamps on it.
bool MinCut::reaches_terminal(int node) {
  int steps = 0;
  for (int i = node;;) {
    const Node& n = nodes_[static_cast<std::size_t>(i)];
    if (n.stamp == time_) {
      steps += n.depth;
      break;
    }
    ++steps;
    if (n.parent == terminal) break;
    if (n.parent == orphan || n.parent == -1) return false;
    i = arcs_[static_cast<std::size_t>(n.parent)].to;
  }
  for (int i = node;;) {
    Node& n = nodes_[static_cast<std::size_t>(i)];
    if (n.stamp == time_) return true;
    n.stamp = time_;
    n.depth = steps--;
    if (n.parent == terminal) return true;
    i = arcs_[static_cast<std::size_t>(n.parent)].to;
  }
}

void MinCut::adopt_one(int node) {
  Node& n = nodes_[static_cast<std::size_t>(node)];
  int best = -1, nearest = std::numeric_limits<int>::max();
  for (int a = n.first; a >= 0; a = arcs_[static_cast<std::size_t>(a)].next) {
    const int j = arcs_[static_cast<std::size_t>(a)].to;
    Node& other = nodes_[static_cast<std::size_t>(j)];
    if (other.tree != n.tree || room(n, a ^ 1) <= 0) continue;
    if (other.parent == -1 || !reaches_terminal(j)) continue;
    if (other.depth < nearest) nearest = other.depth, best = a;
  }
  if (best >= 0) {
    n.parent = best;
    n.stamp = time_;
    n.depth = nearest + 1;
    return;
  }
  for (int a = n.first; a >= 0; a = arcs_[static_cast<std::size_t>(a)].next) {
    const int j = arcs_[static_cast<std::size_t>(a)].to;
    Node& other = nodes_[static_cast<std::size_t>(j)];
    if (other.tree != n.tree) continue;
    if (room(n, a ^ 1) > 0) activate(j);
    if (other.parent >= 0 && arcs_[static_cast<std::size_t>(other.parent)].to == node)
      other.parent = orphan, orphans_.push_back(j);
  }
  n.tree = Tree::none;
  n.parent = -1;
}

void MinCut::adopt() {
  ++time_;
  while (!orphans_.empty()) {
    const int node = orphans_.back();
    orphans_.pop_back();
    adopt_one(node);
  }
}

void MinCut::solve() {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    Node& n = nodes_[i];
    if (n.residual == 0) continue;
    n.tree = n.residual > 0 ? Tree::source : Tree::sink;
    n.parent = terminal;
    n.depth = 1;
    activate(static_cast<int>(i));
  }
  for (int arc = grow(); arc >= 0; arc = grow()) {
    augment(arc);
    adopt();
  }
}

bool MinCut::on_source_side(int node) const {
  return nodes_[static_cast<std::size_t>(node)].tree == Tree::source;
}

}  // namespace cleanplate
