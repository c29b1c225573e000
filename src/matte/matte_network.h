/// @file
/// Our own network over a place's mean picture: which samples are an overlay's, by their looks.
/// A still scene shows nothing else to tell them by.
#pragma once
#include <cleanplate/network.h>
#include <cleanplate/options.h>

#include <array>
#include <vector>

#include "matte/crop_stack.h"
#include "matte/likely.h"

namespace cleanplate {

/// A U-net (Ronneberger et al. 2015) that was trained on made overlays, models/matte_net.md. Loads
/// libtorch when made, not before. Threads: one object, one thread at a time.
class MatteNetwork {
 public:
  /// @return `not_found`: no weights; `network`: no libtorch, or weights of something else.
  [[nodiscard]] static Result<MatteNetwork> load(const Options& options);

  /// One forward pass. @param hint  luma grid of the stack's box: >0 where the overlay may be.
  [[nodiscard]] Result<Likely> look(const CropStack& seen, const Field& hint);

 private:
  explicit MatteNetwork(Network network) : network_(std::move(network)) {}
  /// Y, Cb, Cr, 0…1, and the hint.
  [[nodiscard]] Result<Likely> pass(const std::array<Field, 4>& planes);

  Network network_;
  std::vector<float> input_;
};

}  // namespace cleanplate
