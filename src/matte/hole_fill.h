/// @file
/// The smooth surface through what surrounds a hole: a first estimate of the background.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "frame/field.h"

namespace cleanplate {

/// Pull-push pyramid (Gortler et al. 1996), then relaxation towards the harmonic surface. Prepared
/// once for a mask and used for many frames. Threads: const use from any.
class HoleFill {
 public:
  /// @param hole  >0 inside; of the field's size.
  explicit HoleFill(const Field& hole);
  /// Replaces the samples in the hole; the others stay. Four at once cost little more than one.
  void operator()(std::span<Field> fields) const;
  void operator()(Field& field) const { (*this)(std::span(&field, 1)); }

 private:
  struct Level {
    int width, height;
    std::vector<float> weight;  // how much of a sample is known, 0…1
  };
  std::vector<Level> levels_;
  struct Inside {  // indices of a hole sample and its neighbours; at the edge its own
    int at, left, right, up, down;
  };
  std::vector<Inside> inside_;  // row by row
  /// A sample of four fields: in a processor's vector, as what is slow is that each sample waits
  /// for the one before.
  static constexpr std::size_t lanes = 4;
  using Sample = std::array<float, lanes>;
  void fill(std::vector<Sample>& field) const;
};

}  // namespace cleanplate
