/// @file
/// An overlay's hole, filled in one frame after another; of an interlaced video, field by field.
#pragma once
#include <cleanplate/result.h>

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "inpaint/fill.h"
#include "inpaint/network_fill.h"
#include "inpaint/propagate.h"
#include "inpaint/uncover.h"

namespace cleanplate {

struct HoleOrder {
  bool other_frames = true;  ///< fill from other frames too, see Propagator
  bool fields = false;       ///< odd and even rows are pictures of different times
  /// The crops' first row in the picture, per component: which field it is of.
  std::array<int, 3> first_row{};
  std::optional<NetworkFillOptions> network = {};  ///< fills what no frame shows; else classical
  bool moves_on = false;  ///< only `look_among` comes, once; see Uncoverer. No fields, no network
};

/// Threads: one object, one thread and one stream at a time.
class HoleFiller {
 public:
  /// @return errors of Filler and Propagator.
  [[nodiscard]] static Result<HoleFiller> create(const HoleOrder& order, const Device& device,
                                                 PixelFormat format, const HoleMasks& holes);
  /// Takes (copies) the next frame's crop; after a gap in the numbers, `flush` comes first.
  /// @param there  the same samples on the device, read in the stream; a network asks for them,
  /// else they may be away.
  Result<void> look(Stream& stream, const Crop& crop, const CropThere& there, std::int64_t number);
  /// Takes the one frame's crop whose hole this is, and other frames' of the same place.
  Result<void> look_among(const Crop& crop, std::int64_t number,
                          std::span<const OtherFrame> others);
  /// No more crops of this run.
  Result<void> flush(Stream& stream);
  [[nodiscard]] bool ready() const { return !filled_.empty(); }
  /// The oldest crop not yet given, its hole filled; asked for when `ready`.
  [[nodiscard]] Crop& front() { return filled_.front(); }
  void pop() { filled_.pop_front(); }
  /// Whether kernels look at crops, not the host alone.
  [[nodiscard]] bool looks_there() const { return order_.network || order_.other_frames; }
  [[nodiscard]] bool other_frames() const { return order_.other_frames || order_.moves_on; }

 private:
  struct Field {
    std::optional<NetworkFill> network;
    std::optional<Filler> filler;  // of the next three one
    std::optional<Propagator> propagator;
    std::optional<Uncoverer> uncoverer;
    std::deque<Crop> done;
  };
  HoleFiller() = default;
  static Result<void> take_from_network(Stream& stream, Field& part);
  static Result<void> pass_on(Stream& stream, Field& part, Crop crop, const CropThere& there,
                              std::int64_t number, bool filled);
  static Result<void> take_from_propagator(Stream& stream, Field& part);
  void collect();

  HoleOrder order_;
  Crop whole_;                // its planes' sizes
  std::vector<Field> parts_;  // two, where there are fields
  std::deque<Crop> filled_;   // oldest first
};

}  // namespace cleanplate
