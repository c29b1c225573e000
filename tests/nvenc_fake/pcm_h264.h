/// @file
/// H.264 without loss or compression: pictures of 4:2:0 or 4:4:4 whose macroblocks all hold their
/// samples as they are (I_PCM of ITU-T H.264, 7.3.5).
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

struct PcmH264 {
  int width, height;
  int bits = 8;              ///< 8, or 10 as High 10
  bool full_chroma = false;  ///< 4:4:4, as High 4:4:4 Predictive

  using Bytes = std::vector<std::uint8_t>;
  /// Sample x, y of component 0, 1 or 2; asked for inside the picture only.
  using Sample = std::function<unsigned(int component, int x, int y)>;

  /// The parameter sets, each after a start code.
  [[nodiscard]] Bytes header() const;
  /// The parameter sets and a picture that refers to no other. @param number  of the picture.
  [[nodiscard]] Bytes picture(int number, const Sample& sample) const;
};
