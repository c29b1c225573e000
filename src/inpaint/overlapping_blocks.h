/// @file
/// A picture in overlapping blocks of 8 x 8, their cosine transform and back; C++17, host and
/// device.
///
/// Block (bx, by) begins at sample (4·bx, 4·by); noise that is taken off in all positions of the
/// blocks leaves no edges of theirs (Coifman & Donoho 1995, Guleryuz 2007). What belongs to
/// neighbouring blocks lies side by side, so that blocks, not samples, are worked on at once:
/// - planes: 4 beside one another, sample 4·g + i (group g) in plane i at g;
/// - columns: the same with frequency v of block row by in row 8·by + v;
/// - coefficients: 8 planes, frequency u of block bx in plane u at bx + 1, with a column of zeros
///   on either side; frequency v of block row by in row 8·by + v.
#pragma once
#include "device/kernel.h"

namespace cleanplate {

constexpr int block_size = 8, block_step = 4;

/// The orthonormal cosine transform's rows: at[u][k] = cos((2k+1)uπ/16)·√(1/8 or 2/8).
struct CosineTable {
  float at[block_size][block_size];
};

/// How many samples and blocks there are in a row.
struct BlockRow {
  int groups;  ///< of block_step samples
  [[nodiscard]] CLEANPLATE_HD int blocks() const { return groups - 1; }
  /// Columns of a plane of coefficients.
  [[nodiscard]] CLEANPLATE_HD int padded() const { return groups + 1; }
};

/// Samples into planes: (sample, row).
struct SpreadSamples {
  View<const std::uint16_t> samples;
  View<float> planes;
  BlockRow row;

  CLEANPLATE_HD void operator()(int x, int y) const {
    planes(x % block_step * row.groups + x / block_step, y) = static_cast<float>(samples(x, y));
  }
};

/// Down the columns: (column of the planes, 8·by + v).
struct TransformColumns {
  View<const float> planes;
  View<float> columns;
  CosineTable table;

  CLEANPLATE_HD void operator()(int p, int y) const {
    const int by = y / block_size, v = y % block_size;
    float sum = 0;
    for (int k = 0; k < block_size; ++k) sum += table.at[v][k] * planes(p, by * block_step + k);
    columns(p, y) = sum;
  }
};

/// Across: (block, 8·row of coefficients + u).
struct TransformRows {
  View<const float> columns;
  View<float> coefficients;
  BlockRow row;
  CosineTable table;

  CLEANPLATE_HD void operator()(int bx, int yu) const {
    const int y = yu / block_size, u = yu % block_size;
    float sum = 0;
    for (int k = 0; k < block_size; ++k)
      sum += table.at[u][k] * columns(k % block_step * row.groups + bx + k / block_step, y);
    coefficients(u * row.padded() + bx + 1, y) = sum;
  }
};

/// Back across, the two blocks that hold a sample added by their weights: (group, 4·row of
/// coefficients + plane).
struct TransformRowsBack {
  View<const float> coefficients;
  View<const float> weights;  ///< one a block, with a column of zeros on either side
  View<float> columns;
  BlockRow row;
  CosineTable table;

  CLEANPLATE_HD void operator()(int g, int yi) const {
    const int y = yi / block_step, i = yi % block_step;
    float left = 0, right = 0;  // block g − 1's second half, block g's first
    for (int u = 0; u < block_size; ++u) {
      left += table.at[u][block_step + i] * coefficients(u * row.padded() + g, y);
      right += table.at[u][i] * coefficients(u * row.padded() + g + 1, y);
    }
    columns(i * row.groups + g, y) =
        weights(g, y / block_size) * left + weights(g + 1, y / block_size) * right;
  }
};

/// Back down: (column of the planes, 8·by + k).
struct TransformColumnsBack {
  View<const float> columns;
  View<float> rows;
  CosineTable table;

  CLEANPLATE_HD void operator()(int p, int y) const {
    const int first = y / block_size * block_size, k = y % block_size;
    float sum = 0;
    for (int v = 0; v < block_size; ++v) sum += table.at[v][k] * columns(p, first + v);
    rows(p, y) = sum;
  }
};

/// The sum of the two block rows that hold a sample, over that of the weights: (group, 4·row of
/// samples + plane).
struct JoinBlocks {
  View<const float> rows;     ///< TransformColumnsBack's, with a block row of zeros above and below
  View<const float> weights;  ///< the same, of one row each
  View<float> planes;
  BlockRow row;

  CLEANPLATE_HD void operator()(int g, int yi) const {
    const int y = yi / block_step, p = yi % block_step * row.groups + g;
    const int by = y / block_step, within = y % block_step;  // block rows by - 1 and by
    const float sum =
        rows(p, by * block_size + block_step + within) + rows(p, (by + 1) * block_size + within);
    planes(p, y) =
        sum / (weights(g, by) + weights(g + 1, by) + weights(g, by + 1) + weights(g + 1, by + 1));
  }
};

/// Out of the planes, where an overlay covers the sample: (sample, row).
struct GatherSamples {
  View<const float> planes;
  View<const float> alpha;
  View<std::uint16_t> samples;
  BlockRow row;
  float least_alpha;
  int top;  ///< 2^bits − 1

  CLEANPLATE_HD void operator()(int x, int y) const {
    if (alpha(x, y) <= least_alpha) return;
    const float value = planes(x % block_step * row.groups + x / block_step, y) + .5f;
    samples(x, y) =
        static_cast<std::uint16_t>(static_cast<int>(clamp(value, 0.f, static_cast<float>(top))));
  }
};

CLEANPLATE_DECLARE_KERNEL(SpreadSamples)
CLEANPLATE_DECLARE_KERNEL(TransformColumns)
CLEANPLATE_DECLARE_KERNEL(TransformRows)
CLEANPLATE_DECLARE_KERNEL(TransformRowsBack)
CLEANPLATE_DECLARE_KERNEL(TransformColumnsBack)
CLEANPLATE_DECLARE_KERNEL(JoinBlocks)
CLEANPLATE_DECLARE_KERNEL(GatherSamples)

}  // namespace cleanplate
