/// @file
/// Where the scene changes at once, and where it is one that was there before.
#pragma once
#include <cleanplate/frame.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "frame/field.h"

namespace cleanplate {

/// Memory: 144 bytes a frame. Threads: one object, one thread at a time.
class SceneCuts {
 public:
  void add(const Frame& frame);
  /// Per frame: the scene is another one than in the frame before.
  [[nodiscard]] std::vector<bool> cuts() const;
  /// Per frame: the earlier frame whose scene a cut returns to; the frame itself where its scene is
  /// new, or there is no cut.
  [[nodiscard]] std::vector<std::size_t> returns() const;
  /// Whether frame n's scene is frame m's come again, as in a loop: they are alike, and much
  /// between them is not. @param m  < n.
  [[nodiscard]] bool comes_again(std::size_t m, std::size_t n) const;
  /// Whether two frames show the same, as far as their thumbnails tell.
  [[nodiscard]] bool same(std::size_t m, std::size_t n) const;

 private:
  using Thumbnail = std::array<std::uint8_t, 144>;  // 16 x 9 means of luma, 8-bit levels
  /// Mean difference, levels.
  [[nodiscard]] double apart(std::size_t m, std::size_t n) const;

  Field before_;
  std::vector<float> change_;  // mean difference to the frame before, levels
  std::vector<Thumbnail> thumbnails_;
};

}  // namespace cleanplate
