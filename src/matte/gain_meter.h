/// @file
/// How strongly an overlay is there in one frame, against its model.
#pragma once
#include <cleanplate/overlay.h>

#include <array>
#include <cstdint>
#include <vector>

namespace cleanplate {

struct FrameGain {
  double value = 1;    ///< factor on the model's opacity
  double error = 1e9;  ///< its standard error
};

/// Solves for the gain at which the un-blended picture has no edge left where the overlay has its
/// own: over pairs of samples on both sides of the overlay's edges, the jump between them must not
/// go with the overlay's. Robust against the scene's own edges; the error is a clustered one, as
/// neighbouring pairs see the same scene.
/// Threads: read-only once made.
class GainMeter {
 public:
  explicit GainMeter(const OverlayModel& model);

  /// @param samples  per component: code values of the matte's box, row by row.
  [[nodiscard]] FrameGain measure(const std::array<const std::uint16_t*, 3>& samples) const;
  [[nodiscard]] std::size_t pairs() const { return pairs_.size(); }

 private:
  struct Pair {
    std::uint32_t a, b;                        // samples of the component
    float alpha_a, alpha_b, paint_a, paint_b;  // α and αW
    std::uint16_t component, block;
  };
  void add_component(const Matte& matte, std::uint16_t component);

  std::vector<Pair> pairs_;
  std::size_t blocks_ = 0;
  float unit_, top_;
};

}  // namespace cleanplate
