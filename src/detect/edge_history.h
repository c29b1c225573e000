/// @file
/// The edges of frames one after the other, for what moves on them.
#pragma once
#include <cleanplate/frame.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "frame/field.h"

namespace cleanplate {

/// Across and down, ±127: of a direction more than of a strength, so that a strong edge of the
/// scene does not outweigh a mark's.
struct Edges {
  Field x, y;
  explicit Edges(Size size) : x(size.width, size.height), y(size.width, size.height) {}
};

/// The mean of edges in the frame of reference of something that moves.
struct MeanEdges : Edges {
  Field power;  ///< mean squares
  float weight = 0;
  explicit MeanEdges(Size size) : Edges(size), power(size.width, size.height) {}
  /// @param left, top  where it lies in this picture, samples of the grid, also between them.
  void add(const Edges& picture, double left, double top);
  [[nodiscard]] double mean_square() const;
  /// The shares of the edges' power that the mean keeps within a rim and in it.
  struct Kept {
    double within = 0, rim = 0;
    [[nodiscard]] double apart() const { return within - rim; }
  };
  [[nodiscard]] Kept kept(int rim) const;
};

/// Whose steps are edges. Luma is the steadier of a mark without colour; a coloured one has edges
/// that luma does not see or sees turned over where the ground is as bright.
enum class EdgesOf { luma, any_plane };

/// Memory: two bytes a sample of the grid and frame. Threads: one object, one thread at a time.
class EdgeHistory {
 public:
  /// @param reduction  luma samples per sample of the grid, each way.
  EdgeHistory(Size picture, int reduction, EdgesOf planes);
  /// To histories of one grid, of which there is one at least: each plane is read once for all.
  static void add(const Frame& frame, std::span<EdgeHistory> histories);
  void add(const Frame& frame) { add(frame, {this, 1}); }
  void clear() { frames_.clear(), sums_.clear(), staying_.reset(); }
  [[nodiscard]] std::size_t frames() const { return frames_.size(); }
  [[nodiscard]] Size grid() const { return grid_; }
  [[nodiscard]] int reduction() const { return reduction_; }
  /// A frame's, less those that were there in most frames round it.
  [[nodiscard]] Edges edges(std::size_t frame) const;
  /// As they are kept: all across, then all down.
  [[nodiscard]] const std::vector<std::int8_t>& kept(std::size_t frame) const {
    return frames_[frame];
  }
  /// Of the frames from … to − 1.
  [[nodiscard]] Edges mean(std::size_t from, std::size_t to) const;

 private:
  void keep(const Edges& steps);
  /// What was there in most frames round a block, else 0.
  [[nodiscard]] const Edges& staying(std::size_t block) const;

  int reduction_;
  EdgesOf planes_;
  Size grid_;
  std::vector<std::vector<std::int8_t>> frames_;  // across, then down
  std::vector<std::vector<float>> sums_;          // of a block's frames
  struct Staying {
    std::size_t block, frames;  // that it is of, and how many there were
    Edges edges;
  };
  mutable std::optional<Staying> staying_;  // the last that was asked for
};

}  // namespace cleanplate
