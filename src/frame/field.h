/// @file
/// A plane of floats for the estimators, and the few operations they share.
#pragma once
#include <cleanplate/geometry.h>

#include <cstddef>
#include <vector>

namespace cleanplate {

struct Field {
  int width = 0, height = 0;
  std::vector<float> values;

  Field() = default;
  Field(int w, int h, float value = 0)
      : width(w),
        height(h),
        values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), value) {}

  [[nodiscard]] std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }
  [[nodiscard]] float& at(int x, int y) { return values[index(x, y)]; }
  [[nodiscard]] float at(int x, int y) const { return values[index(x, y)]; }
  /// The nearest sample inside.
  [[nodiscard]] float clamped(int x, int y) const {
    return at(x < 0 ? 0 : x >= width ? width - 1 : x, y < 0 ? 0 : y >= height ? height - 1 : y);
  }
  [[nodiscard]] std::size_t size() const { return values.size(); }
  [[nodiscard]] bool empty() const { return values.empty(); }
};

/// `size` samples from left, top on, which may lie between samples: linear each way; outside it
/// goes on as at the edge.
[[nodiscard]] Field cut_between(const Field& field, double left, double top, Size size);
/// Mean over a (2r+1)² window, clipped at the edges; O(1) a sample.
[[nodiscard]] Field box_mean(const Field& field, int radius);
/// Greatest (least) over a (2r+1)² window.
[[nodiscard]] Field dilated(const Field& field, int radius);
[[nodiscard]] Field eroded(const Field& field, int radius);
/// 1 where it is above 0, or cannot be reached from the rim without crossing that; else 0.
[[nodiscard]] Field without_holes(const Field& field);
/// To the chroma grid by averaging the luma samples of each chroma sample; shifts are 0 or 1.
[[nodiscard]] Field reduced(const Field& field, int shift_x, int shift_y);
/// To half the size by area means, an odd last row or column left out; at least one sample.
[[nodiscard]] Field halved(const Field& field);
/// From the chroma grid to `size` by repetition with linear interpolation.
[[nodiscard]] Field enlarged(const Field& field, Size size);
/// On another grid, from the same corner; 0 where the field ends.
[[nodiscard]] Field laid_on(const Field& field, Size size);
/// The q-quantile, 0…1; takes a copy. 0 for an empty list.
[[nodiscard]] float quantile(std::vector<float> values, double q);
/// What usually lies between a value and the middle of all: the median of that.
[[nodiscard]] float usual_spread(std::vector<float> values);

}  // namespace cleanplate
