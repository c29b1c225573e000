/// @file
/// One frame's hole from the frames around it: samples that are visible there, and their fills.
#pragma once
#include <cleanplate/frame.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "inpaint/fill_crop.h"
#include "inpaint/propagate_extend.h"
#include "inpaint/propagate_motion.h"

namespace cleanplate {

/// Per component, 1 where a crop shows the scene, free of an overlay's ringing.
using ShownSamples = std::array<std::vector<std::uint8_t>, 3>;
[[nodiscard]] ShownSamples shown_samples(const HoleMasks& holes);

/// A frame as another one sees it.
struct Neighbour {
  const Crop* seen = nullptr;           ///< as it came
  const Crop* filled = nullptr;         ///< its hole filled from around; null: not made
  Motion motion;                        ///< from the middle frame's luma places to this one's
  int away = 0;                         ///< frames, 0 for the middle one itself
  const ShownSamples* shown = nullptr;  ///< null: its hole is the middle frame's
};

/// How far the frames around may be trusted where, and what they show. Built once for a mask.
/// Threads: one object, one thread at a time.
class Gatherer {
 public:
  Gatherer(PixelFormat format, const HoleMasks& holes);

  /// Fills `out`'s holes. @param around  the middle frame first, then the others, nearest first.
  void gather(std::span<const Neighbour> around, Crop& out);

  /// Share of the spatial fill in each hole sample of a component in the last answer, 0…1, in the
  /// order of `holes`.
  [[nodiscard]] std::span<const float> fill_share(int component) const {
    return planes_[static_cast<std::size_t>(component)].fill_share;
  }
  [[nodiscard]] std::span<const int> holes(int component) const {
    return planes_[static_cast<std::size_t>(component)].holes;
  }
  /// Median difference of the surroundings to the nearest frame, code values; negative: none.
  [[nodiscard]] float change() const { return change_; }

 private:
  static constexpr int most_seen = 6;  ///< samples brought over for one place
  /// Between the middles of four cells.
  struct CellMix {
    int first;        ///< upper left cell
    int right, down;  ///< steps to the others, 0 at the map's end
    float fx, fy;
  };
  struct Plane {
    int width = 0, height = 0, shift_x = 0, shift_y = 0;
    std::vector<int> holes;      ///< places
    std::vector<CellMix> cells;  ///< per hole: where it reads the error maps
    std::vector<float> depth;    ///< per hole: distance to the nearest known sample
    std::vector<float> seen, seen_error, fill, fill_weight, fill_share;
    std::vector<int> count;
    /// The holes' box with a sample of known picture round it: what time adds to the fill.
    int left = 0, top = 0, box_width = 0, box_height = 0;
    std::vector<int> places;  ///< per hole: its place in the box
    std::vector<float> gain, gain_weight;
    Extender extender;
  };
  struct Map {
    std::vector<float> sum, weight, value;
  };
  void spread(Map& map);
  [[nodiscard]] bool moved(const Motion& motion) const;
  void measure_errors(const Crop& middle, const Neighbour& other);
  void measure_roughness(const Crop& middle);
  bool bring(Plane& plane, std::size_t component, const Neighbour& other);
  void settle(Plane& plane, CropPlane& out);
  [[nodiscard]] static float read(const Map& map, const CellMix& cells);

  float scale_;
  int max_value_;
  ShownSamples shown_;
  int cells_wide_ = 0, cells_high_ = 0;
  std::vector<int> probes_, probe_cells_;  ///< luma places near the hole where frames are compared
  std::array<Plane, 3> planes_;
  Map error_, roughness_;
  std::vector<float> scratch_, row_sums_, differences_;
  float change_ = -1;
};

}  // namespace cleanplate
