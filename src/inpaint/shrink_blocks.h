/// @file
/// What of a block's coefficients is noise; C++17, host and device.
#pragma once
#include "inpaint/overlapping_blocks.h"

namespace cleanplate {

/// Noise of `level` in the seen samples is level / (1 − α) once un-blended; its mean square over a
/// block, nothing where no overlay is: (bx, by).
struct BlockNoise {
  View<const float> alpha;
  View<float> noise;
  float gain, limit;  ///< UnblendPixel's
  float level;        ///< code values
  float least_alpha;

  CLEANPLATE_HD void operator()(int bx, int by) const {
    float sum = 0;
    for (int y = 0; y < block_size; ++y)
      for (int x = 0; x < block_size; ++x) {
        const float map = alpha(bx * block_step + x, by * block_step + y);
        const float a = map * gain;
        const float grown = level / (1.f - (a < limit ? a : 0.f));
        sum += map > least_alpha ? grown * grown : 0.f;
      }
    noise(bx, by) = sum / (block_size * block_size);
  }
};

/// How strong each frequency is in the surroundings, mean of min(c², limit²): (u, v).
struct SurroundingStrength {
  View<const float> coefficients;
  View<const std::int32_t> blocks;  ///< two rows: bx, by of those beside the overlay
  View<float> strength;             ///< 8 x 8
  BlockRow row;
  int count;    ///< of blocks
  float limit;  ///< what is stronger is a thing there, not a texture

  CLEANPLATE_HD void operator()(int u, int v) const {
    float sum = 0;
    for (int i = 0; i < count; ++i) {
      const float c =
          coefficients(u * row.padded() + blocks(i, 0) + 1, blocks(i, 1) * block_size + v);
      const float square = c * c, most = limit * limit;
      sum += square < most ? square : most;
    }
    strength(u, v) = count > 0 ? sum / static_cast<float>(count) : 0.f;
  }
};

/// How many of a row are stronger than the noise: (bx, row of coefficients).
struct CountStrong {
  View<const float> noise;  ///< BlockNoise's
  View<const float> coefficients;
  View<float> count;
  BlockRow row;

  CLEANPLATE_HD void operator()(int bx, int y) const {
    const float square = noise(bx, y / block_size);
    float strong = 0;
    for (int u = 0; u < block_size; ++u) {
      const float c = coefficients(u * row.padded() + bx + 1, y);
      strong += c * c > square ? 1.f : 0.f;
    }
    count(bx, y) = strong;
  }
};

/// What is stronger than the noise stays, and the block's mean. What is weaker is shrunk to what
/// the surroundings have of its frequency, s / (s + t²/4): Wiener's, with half the noise's level t
/// as its deviation. (bx, 8·row of coefficients + u).
struct ShrinkCoefficient {
  View<const float> noise;
  View<const float> strength;  ///< SurroundingStrength's
  View<float> coefficients;
  BlockRow row;

  CLEANPLATE_HD void operator()(int bx, int yu) const {
    constexpr float tiny = 1e-20f;  // beside the overlay there is no noise
    const int y = yu / block_size, u = yu % block_size, v = y % block_size;
    const float square = noise(bx, y / block_size), s = strength(u, v);
    float& c = coefficients(u * row.padded() + bx + 1, y);
    const float bar = u == 0 && v == 0 ? -1.f : square;
    c *= c * c > bar ? 1.f : s / (s + square / 4 + tiny);
  }
};

/// The fewer coefficients are strong, the more a block counts: (bx, by).
struct WeighBlock {
  View<const float> strong;  ///< CountStrong's
  View<float> weights;       ///< with a column on either side

  CLEANPLATE_HD void operator()(int bx, int by) const {
    float count = 1;
    for (int v = 0; v < block_size; ++v) count += strong(bx, by * block_size + v);
    weights(bx + 1, by) = 1.f / count;
  }
};

CLEANPLATE_DECLARE_KERNEL(BlockNoise)
CLEANPLATE_DECLARE_KERNEL(SurroundingStrength)
CLEANPLATE_DECLARE_KERNEL(CountStrong)
CLEANPLATE_DECLARE_KERNEL(ShrinkCoefficient)
CLEANPLATE_DECLARE_KERNEL(WeighBlock)

}  // namespace cleanplate
