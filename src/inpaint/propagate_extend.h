/// @file
/// Scattered values made a smooth field.
#pragma once
#include <span>
#include <vector>

namespace cleanplate {

/// Push-pull interpolation (Gortler et al. 1996): averages of what is there go up a pyramid, and
/// come down into what is not. Buffers are made once for a size.
/// Threads: one object, one thread at a time.
class Extender {
 public:
  Extender() = default;
  Extender(int width, int height);

  /// @param[in,out] value  width × height.
  /// @param weight         the same; 1 keeps a value, 0 replaces it, between mixes.
  void run(std::span<float> value, std::span<const float> weight);

 private:
  struct Level {
    int width, height;
    std::vector<float> value, weight;
  };
  std::vector<Level> levels_;  ///< from half the size down
  int width_ = 0, height_ = 0;
};

}  // namespace cleanplate
