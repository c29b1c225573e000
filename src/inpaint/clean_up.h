/// @file
/// Takes off the noise that un-blending made stronger.
#pragma once
#include <cleanplate/geometry.h>
#include <cleanplate/result.h>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "device/device_core.h"
#include "inpaint/overlapping_blocks.h"

namespace cleanplate {

/// Of a box's first, third, … row, and of the others; both the same unless interlaced.
using RowGains = std::array<float, 2>;

/// What the encoder left of noise in the seen samples is 1 / (1 − α) times as strong once they are
/// un-blended, and the ringing at the overlay's edges with it. Cosine coefficients of overlapping
/// blocks that are no stronger than that noise are shrunk to the strength that the surroundings
/// have of their frequency in the same frame, so that a texture stays one and a flat place gets
/// flat. Threads: one object, one thread and one stream at a time.
class CleanUp {
 public:
  static constexpr int surroundings = 12;  ///< samples round an overlay that are looked at

  /// The overlay's box with its surroundings, in whole steps of the blocks where the plane allows.
  [[nodiscard]] static Box with_surroundings(const Box& overlay, Size plane, bool interlaced);

  struct Order {
    Size size;                                  ///< of with_surroundings' box
    const std::vector<float>* alpha;            ///< its samples; 0 beside the overlay
    const std::vector<std::uint8_t>* no_scene;  ///< its samples; over 0: another overlay lies there
    int bits;
    bool interlaced;                 ///< each field by itself
    float alpha_limit, least_alpha;  ///< above, below: the sample is as it was seen
  };
  /// @return nothing where the box is smaller than a block.
  [[nodiscard]] static Result<std::optional<CleanUp>> create(const Device& device, Stream& stream,
                                                             const Order& order);
  /// Queues it. @param samples  un-blended by α times the rows' gains, the surroundings as they
  /// are.
  /// @param alpha  the same as the order's. @param gains  0: nothing is there.
  Result<void> run(Stream& stream, const DeviceView<std::uint16_t>& samples,
                   const DeviceView<const float>& alpha, const RowGains& gains);

 private:
  struct Field {
    Buffer beside;  // blocks without the overlay: their bx, then their by
    int count = 0;
    Buffer noise;
    float gain = -1;  // that the noise is for
  };
  CleanUp() = default;
  Result<void> run_field(Stream& stream, Field& field, const DeviceView<std::uint16_t>& samples,
                         const DeviceView<const float>& alpha, float gain);

  int bits_ = 8;
  Size size_;  // of a field; an odd row is left as it is
  float alpha_limit_ = 1, least_alpha_ = 0, typical_alpha_ = 0;
  CosineTable table_;
  std::vector<Field> fields_;
  Buffer planes_, columns_, coefficients_, strength_, strong_, weights_, rows_;
};

}  // namespace cleanplate
