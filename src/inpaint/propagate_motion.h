/// @file
/// How the picture round a hole moved from one frame to the next.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "inpaint/fill_crop.h"

namespace cleanplate {

/// Where a place (x, y) of one frame lies in another: affine, in samples of the crop.
struct Motion {
  std::array<double, 6> m{0, 1, 0, 0, 0, 1};  ///< x' = m0 + m1 x + m2 y; y' = m3 + m4 x + m5 y
  [[nodiscard]] double x(double px, double py) const { return m[0] + m[1] * px + m[2] * py; }
  [[nodiscard]] double y(double px, double py) const { return m[3] + m[4] * px + m[5] * py; }
  /// First this, then `next`.
  [[nodiscard]] Motion then(const Motion& next) const;
  [[nodiscard]] Motion inverse() const;
  /// A luma motion on a component's grid (its samples in the middle of the luma samples they stand
  /// for: where they really lie cancels out but for the affine part).
  [[nodiscard]] Motion on_grid(int shift_x, int shift_y) const;
};

/// A plane and its halvings, as 8-bit code values.
using PicturePyramid = std::vector<std::vector<float>>;

/// Registers the known samples of two frames: coarse search by blocks of the pyramid, then affine
/// Gauss-Newton with robust weights (Lucas & Kanade 1981; Black & Anandan 1996).
/// Threads: one object, one thread at a time.
class MotionFinder {
 public:
  /// @param hole   samples that belong to no frame's scene.
  /// @param scale  code values to one 8-bit code value.
  MotionFinder(const HoleMask& hole, float scale);

  [[nodiscard]] PicturePyramid pyramid(const CropPlane& luma) const;
  /// @param[out] motion  from `from`'s places to `to`'s.
  /// @param expected  what it may be near; else, or if that is nothing, it is a small one.
  /// @return false: nothing of the one is found in the other (a cut, or all moves apart).
  [[nodiscard]] bool find(const PicturePyramid& from, const PicturePyramid& to, Motion& motion,
                          const Motion& expected = {}) const;

 private:
  struct Level {
    int width, height;
    std::vector<std::uint8_t> known;
  };
  void search(const Level& level, std::span<const float> from, std::span<const float> to,
              const Motion& expected, Motion& motion) const;
  double refine(const Level& level, std::span<const float> from, std::span<const float> to,
                int step, bool affine, int rounds, Motion& motion) const;

  /// Median, of what both know: somebody who passes is no other scene.
  [[nodiscard]] static double difference(const Level& level, std::span<const float> from,
                                         std::span<const float> to, const Motion& motion);

  std::vector<Level> levels_;
  float scale_;
};

}  // namespace cleanplate
