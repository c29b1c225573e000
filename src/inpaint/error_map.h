/// @file
/// How far two frames differ round a hole, and how rough a frame is there.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "inpaint/fill_crop.h"
#include "inpaint/propagate_motion.h"

namespace cleanplate {

/// Mean squares in 8-bit code values for each cell of a crop's luma: measured near the hole, and
/// spread over all. Threads: one object, one thread at a time.
class ErrorMap {
 public:
  ErrorMap() = default;
  /// @param shown  per luma sample, 1 where a crop shows the scene. @param scale  code values to
  /// one 8-bit code value.
  ErrorMap(const HoleMask& luma, const std::vector<std::uint8_t>& shown, float scale);

  [[nodiscard]] int wide() const { return wide_; }
  [[nodiscard]] int high() const { return high_; }
  /// @param[out] map  wide × high.
  void of_roughness(const CropPlane& here, std::span<float> map);
  /// Of the squared differences to another frame, where both show the scene.
  /// @param shown  likewise, of the other frame.
  void of_difference(const CropPlane& here, const CropPlane& there, const Motion& motion,
                     const std::vector<std::uint8_t>& shown, std::span<float> map);
  /// Median of the last differences, code values; negative: there were none.
  [[nodiscard]] float median_difference();

 private:
  void begin();
  void add(std::size_t probe, float square);
  void spread(std::span<float> map);

  float scale_ = 1;
  int wide_ = 0, high_ = 0;
  std::vector<int> probes_, probe_cells_;  // luma places near the hole where frames are compared
  std::vector<float> sum_, weight_, sums_, row_sums_, differences_;
};

}  // namespace cleanplate
