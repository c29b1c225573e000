/// @file
/// A hole filled from other frames, where they show what it hides, and from around it otherwise.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/result.h>

#include <cstdint>
#include <memory>

#include "device/device_core.h"
#include "inpaint/fill_crop.h"

namespace cleanplate {

struct PropagateOptions {
  int radius = 12;     ///< 1…64 frames, looked at before and after
  float grain = 0.5F;  ///< 0…1, as FillOptions::grain; still where the picture stands still
};

/// Fills the same hole in one frame after another. The motion of the surroundings (affine, frame
/// to frame) says where a hidden place lies in the frames around; where it is visible there, its
/// samples are brought over, trusted as far as the surroundings match; where it is not, the spatial
/// fill is averaged along the motion, so that it neither flickers nor sticks to the screen, and
/// gets texture where its surroundings have some, see ExemplarFill.
///
/// A frame's answer depends on nothing but the crops up to `radius` frames before and after it, and
/// its number: nothing is recurrent. A chunk that is given `radius` frames more at both ends
/// gives the very samples of the whole. Cuts are seen by themselves.
/// Context: 24 luma samples round the hole at least; the more, the farther a pan is followed
/// (64, or half the hole's size, is a good measure).
/// Samples are brought over and averaged where the device is, see Gatherer; the rest is the host's.
/// Threads: one object, one thread and one stream at a time; always the same samples.
class Propagator {
 public:
  /// @return as Filler::create; `invalid_argument` for a radius out of range.
  [[nodiscard]] static Result<Propagator> create(const PropagateOptions& options,
                                                 const Device& device, PixelFormat format,
                                                 const HoleMasks& holes);
  Propagator(Propagator&&) noexcept;
  Propagator& operator=(Propagator&&) noexcept;
  ~Propagator();

  /// Takes (copies) the next frame's crop. @param frame  its number in the clip; rising by one.
  /// @param there   where the same samples lie on the device, read in the stream; none: they are
  /// sent. @param filled  the hole holds what may stand where no frame shows it; else it is made
  /// here.
  /// @return `ok`; `full`: pull first; error `bad_order`, `invalid_argument` (size); `device`,
  ///         `out_of_memory`.
  [[nodiscard]] Result<Flow> push(Stream& stream, const Crop& crop, const CropThere& there,
                                  std::int64_t frame, bool filled = false);
  /// The oldest crop not yet given, its hole filled; other samples as they came.
  /// @return `ok`; `again`: push more; `end`: flushed and empty; `device`, `out_of_memory`.
  [[nodiscard]] Result<Flow> pull(Stream& stream, Crop& crop);
  /// No more crops until all are pulled; then a new run may begin at any frame number.
  [[nodiscard]] Result<Flow> flush();
  /// Frames that pull lags behind push: `radius`.
  [[nodiscard]] int latency() const;
  /// 0…1: share of the last pulled crop's luma hole that came from other frames.
  [[nodiscard]] double share() const;

 private:
  struct State;
  explicit Propagator(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cleanplate
