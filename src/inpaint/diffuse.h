/// @file
/// Edge-guided interpolation of a hole in one plane.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace cleanplate {

/// How a hole is closed; the defaults were chosen on eight real clips.
struct DiffuseOptions {
  int ring = 2;             ///< samples round the hole that are trusted less, 0…4
  float ring_trust = 0.1F;  ///< least weight of such a sample against its neighbours' pull
  /// Mean squared gradient at which a ring sample has full weight, code values² at 8 bits: where
  /// the picture is flat, what compression left there is the larger error.
  float ringing = 50;
  float noise = 2;        ///< the same below which no edge is seen, code values² at 8 bits
  float flatten = 0.02F;  ///< least flow across an edge, 0…1
  int sweeps = 10;        ///< relaxation sweeps at each level of the pyramid
  int radius = 4;         ///< samples, box over which gradients are pooled
};

/// Solves div(D grad u) = 0 in the hole, D along the edges that run into it, coarse to fine.
/// Built once for a mask, run for each frame. Threads: one object, one thread at a time.
class Diffuser {
 public:
  /// @param hole   width × height, above 0 = unknown.
  /// @param scale  code values to one 8-bit code value (4 for 10 bits).
  Diffuser(int width, int height, std::span<const std::uint8_t> hole, float scale,
           const DiffuseOptions& options);

  /// Whether there is a sample to start from, and one to fill.
  [[nodiscard]] bool usable() const { return usable_; }
  /// @param[in,out] picture  width × height; only the hole's samples are written.
  void run(std::span<float> picture);

 private:
  /// One size of the pyramid; arrays are (width + 2) × (height + 2), a sample of frame around.
  struct Level {
    int width = 0, height = 0, stride = 0;
    std::vector<float> weight;      ///< 1 known, ring_trust, 0 hole
    std::vector<int> unknown;       ///< places that are solved for, in raster order
    std::vector<float> pull;        ///< per unknown: weight of its own sample
    std::vector<float> own;         ///< per unknown: its own sample
    std::vector<float> value;       ///< the picture
    std::vector<float> xx, xy, yy;  ///< tensors
    std::vector<float> slope;       ///< mean squared gradient
    std::vector<float> links;       ///< per unknown: 8 weights, normalised
  };
  void restrict_from(const Level& fine, Level& coarse) const;
  void extend_from(const Level& coarse, Level& fine) const;
  void guide(Level& level);
  void link(Level& level) const;
  void relax(Level& level) const;

  DiffuseOptions options_;
  float scale_;
  bool usable_ = false;
  std::vector<Level> levels_;
  std::vector<int> hole_;  ///< places in the caller's picture
  std::vector<float> row_, pooled_, column_sums_;
};

}  // namespace cleanplate
