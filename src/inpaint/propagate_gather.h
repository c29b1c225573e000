/// @file
/// One frame's hole from the frames around it: samples that are visible there, and their fills.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/result.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "device/mirror.h"
#include "inpaint/device_planes.h"
#include "inpaint/error_map.h"
#include "inpaint/fill_crop.h"
#include "inpaint/gather_pixel.h"
#include "inpaint/propagate_extend.h"
#include "inpaint/propagate_motion.h"

namespace cleanplate {

/// Per component, 1 where a crop shows the scene, free of an overlay's ringing.
using ShownSamples = std::array<std::vector<std::uint8_t>, 3>;
[[nodiscard]] ShownSamples shown_samples(const HoleMasks& holes);

[[nodiscard]] PlanesHere<std::uint16_t> planes_of(const Crop& crop);
[[nodiscard]] PlanesHere<std::uint8_t> planes_of(const ShownSamples& shown, const HoleMasks& holes);

/// A frame as another one sees it.
struct Neighbour {
  const Crop* seen = nullptr;           ///< as it came
  const Crop* filled = nullptr;         ///< its hole filled from around; null: not made
  Motion motion;                        ///< from the middle frame's luma places to this one's
  int away = 0;                         ///< frames, 0 for the middle one itself
  CropThere seen_there, filled_there;   ///< the same on the device
  const ShownSamples* shown = nullptr;  ///< null: its hole is the middle frame's
  PlanesThere<std::uint8_t> shown_there = {};
};

/// How far the frames around may be trusted where, and what they show. Built once for a mask.
/// Frames are compared on the host, as their motion is found there; samples are brought over, and
/// come to one, where the device is. Threads: one object, one thread and one stream at a time.
class Gatherer {
 public:
  Gatherer(const Device& device, PixelFormat format, const HoleMasks& holes);

  /// Fills `out`'s holes; waits for the stream. After a failure work may be queued that uses the
  /// neighbours and this.
  /// @param around  the middle frame first, then the others, nearest first.
  /// @return `out_of_memory`, `device`.
  Result<void> gather(Stream& stream, std::span<const Neighbour> around, Crop& out);

  /// Share of the spatial fill in each hole sample of a component in the last answer, 0…1, in the
  /// order of `holes`.
  [[nodiscard]] std::span<const float> fill_share(int component) const {
    return planes_[static_cast<std::size_t>(component)].fill_share;
  }
  [[nodiscard]] std::span<const int> holes(int component) const {
    return planes_[static_cast<std::size_t>(component)].holes;
  }
  /// A component's hole with a sample of known picture round it.
  [[nodiscard]] const Box& box(int component) const {
    return planes_[static_cast<std::size_t>(component)].box;
  }
  /// Median difference of the surroundings to the nearest frame, code values; negative: none.
  [[nodiscard]] float change() const { return change_; }

 private:
  struct Plane {
    int width = 0, height = 0, shift_x = 0, shift_y = 0;
    std::vector<int> holes;  ///< places
    /// The holes' box with a sample of known picture round it; all that follows is of it.
    Box box;
    std::vector<int> places;  ///< per hole: its place in the box
    std::vector<float> depths;
    Mirror<float> depth;  ///< distance to the nearest known sample; 0 beside the hole
    Buffer state;         ///< GatherState
    Mirror<std::uint8_t> open;
    Mirror<float> answer;  ///< MeanSample's fill, gain, weight, share, one below the other
    Extender extender;
    std::vector<float> fill_share;                 ///< per hole
    [[nodiscard]] DeviceView<float> rows() const;  ///< of `state`
  };
  Result<void> set_up(Stream& stream);
  [[nodiscard]] bool moved(const Motion& motion) const;
  [[nodiscard]] static bool averaged(const Neighbour& other);
  [[nodiscard]] ErrorCells cells(const Plane& plane) const;
  [[nodiscard]] DeviceView<const float> map(int n);
  Result<void> bring(Stream& stream, const Neighbour& middle,
                     std::span<const Neighbour* const> some, int first);
  [[nodiscard]] Result<bool> any_open(Stream& stream);
  Result<void> settle(Stream& stream, Crop& out);

  Device device_;
  float scale_;
  int max_value_;
  HoleMasks holes_;
  ShownSamples shown_;
  DevicePlanes<std::uint8_t> shown_there_;
  ErrorMap errors_;
  std::array<Plane, 3> planes_;
  Mirror<float> maps_;  ///< rows: the roughness, then the differences to each that is looked at
  std::vector<const Neighbour*> looked_;
  float change_ = -1;
  bool set_up_ = false;
};

}  // namespace cleanplate
