/// @file
/// Gradients over time: which of them stay.
#pragma once
#include <cleanplate/frame.h>

#include <vector>

#include "frame/field.h"

namespace cleanplate {

struct StaticEdges {
  Field consistency;  ///< |mean gradient| / (its deviation over time + 1 level)
  Field strength;     ///< |mean gradient|, 8-bit levels per sample
  Field change;       ///< deviation of the gradient over time, 8-bit levels
  int reduction = 1;  ///< luma samples per sample of these maps, each way
  /// As `change`, between the means of areas of so many samples each way: noise averages out there,
  /// what moves does not.
  Field area_change = {};
  static constexpr int area = 8;
};

/// Whether the scene has an edge at a sample at any time, moved or not.
[[nodiscard]] bool scene_edge(const StaticEdges& edges, std::size_t i);
/// Consistency of all edges of the picture, rising.
[[nodiscard]] std::vector<float> all_edges(const StaticEdges& edges);

/// Sums over frames, bounded memory. Threads: one object, one thread at a time.
class EdgeStatistics {
 public:
  explicit EdgeStatistics(Size picture);
  void add(const Frame& frame);
  [[nodiscard]] int frames() const { return frames_; }
  [[nodiscard]] StaticEdges edges() const;

 private:
  /// Of pictures reduced to one size.
  struct Gradients {
    int reduction;
    Field luma, sum_x, sum_y, power;

    void add(const Frame& frame);
  };
  int frames_ = 0;
  Gradients samples_, areas_;
};

}  // namespace cleanplate
