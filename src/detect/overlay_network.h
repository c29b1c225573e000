/// @file
/// Our own network over pictures: how likely it is that an overlay is there.
#pragma once
#include <cleanplate/network.h>
#include <cleanplate/options.h>

#include <vector>

#include "frame/field.h"
#include "frame/picture.h"

namespace cleanplate {

/// Loads libtorch when made, not before. Threads: one object, one thread at a time.
class OverlayNetwork {
 public:
  static constexpr int cell = 4;  ///< samples of the picture per sample of the answer, each way

  /// @return `not_found`: no weights; `network`: no libtorch, or weights of something else.
  [[nodiscard]] static Result<OverlayNetwork> load(const Options& options);

  /// All pictures in one forward pass.
  /// @param rgb  1..n of one size, 3 channels.
  /// @return for each the probability per cell, 0…1, sizes rounded up; `invalid_argument`:
  ///         none, or of several sizes; `out_of_memory`: fewer may go.
  [[nodiscard]] Result<std::vector<Field>> look(const std::vector<Picture>& rgb);

 private:
  explicit OverlayNetwork(Network network) : network_(std::move(network)) {}
  Network network_;
  std::vector<float> planes_;
};

}  // namespace cleanplate
