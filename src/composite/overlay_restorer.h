/// @file
/// Restores one overlay's place in a frame.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/mask.h>
#include <cleanplate/plan.h>
#include <cleanplate/result.h>

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "composite/composite.h"
#include "composite/gain_follower.h"
#include "composite/hole_filler.h"
#include "device/device_core.h"
#include "frame/sample_reader.h"
#include "inpaint/clean_up.h"

namespace cleanplate {

/// One overlay's place: how it is to be restored.
struct RestoreOrder {
  const Mask* mask = nullptr;                      ///< luma samples of the overlay
  const OverlayModel* model = nullptr;             ///< null: all of the mask is filled
  bool other_frames = true;                        ///< fill from other frames too, see Propagator
  bool moves_on = false;                           ///< the mask is one frame's: `look_among`
  bool interlaced = false;                         ///< fields are filled each by itself
  std::optional<NetworkFillOptions> network = {};  ///< fills what no frame shows
  /// Other overlays' masks: what lies there is no scene to fill from.
  std::vector<std::shared_ptr<const Mask>> others = {};
  const OverlayModel* appearance = nullptr;  ///< what the gain is measured by, frame by frame
  const GainHistory* gain = nullptr;         ///< null or not measured: 1 in every frame; each
                                             ///< field has its own when interlaced
};

/// Whether so much of an overlay is not to be un-blended that the place is filled at all.
[[nodiscard]] bool worth_filling(const OverlayModel& model);

/// A frame beside the one that is restored, or a piece of it, and the overlays' masks in it.
struct FrameBeside {
  const Frame* frame = nullptr;
  Box at;  ///< where it lies in the picture
  std::span<const std::shared_ptr<const Mask>> masks;
  int away = 0;  ///< frames; below 0 before
};

/// Un-blends where the matte is trusted, fills where it is not, mixes between; writes into the
/// frame's own planes. Buffers are made once. Threads: one object, one thread at a time.
class OverlayRestorer {
 public:
  /// What is looked at in a frame beside one that is filled there, in luma samples.
  [[nodiscard]] static Box looked_at(const Box& filled, PixelFormat format, Size picture);
  [[nodiscard]] static Result<OverlayRestorer> create(const Device& device, PixelFormat format,
                                                      Size picture, const RestoreOrder& order);
  /// Looks at the next frame with this overlay, as it came.
  /// @param number  the frame's number in the clip; after a gap, `flush` comes first.
  Result<void> look(Stream& stream, const Frame& frame, std::int64_t number);
  /// Whether `look_among` comes before `restore`, when there is more to see.
  [[nodiscard]] bool looks_among() const { return filler_ && moves_on_; }
  /// Looks at the frame once more, with those beside it that show what its overlay hides.
  Result<void> look_among(Stream& stream, const Frame& frame, std::int64_t number,
                          std::span<const FrameBeside> beside);
  /// The overlay is away in the next frame, or there is none.
  Result<void> flush(Stream& stream);
  /// Whether enough was looked at to restore the oldest frame that is not yet.
  [[nodiscard]] bool ready() const;
  /// Restores the oldest frame looked at. @param frame  a writable copy of it.
  Result<void> restore(Stream& stream, Frame& frame);

  /// The overlay is away in the oldest frame looked at, so `skip` does instead of `restore`.
  [[nodiscard]] bool away() const;
  void skip();

  [[nodiscard]] bool unblends() const { return unblends_; }
  [[nodiscard]] bool other_frames() const { return filler_ && filler_->other_frames(); }

 private:
  struct Part {  // one component
    Box box;     // matte's place and surroundings, component's samples
    Buffer alpha, colour, samples, unblend_mask;
    std::optional<CleanUp> clean_up;
    Box context;  // what the fill looks at
    Box fill;     // what it writes
    Buffer filled, fill_mask;
    bool unblend = false;
  };
  /// Of all rows, or of those of one field.
  struct Follower {
    GainMeter meter;
    GainFollower gain;
    int parity;  // of the field's rows in the picture; -1: all
  };
  struct Gauge {  // what the meter looks at of a component; the buffer for frames on a device
    Box box;
    Buffer samples;
  };
  explicit OverlayRestorer(const Device& device)
      : device_(device), reader_(device), composite_(device) {}
  Result<void> take_matte(Stream& stream, Size picture, const RestoreOrder& order, int c);
  void follow(const RestoreOrder& order);
  using Samples = std::array<std::vector<std::uint16_t>, 3>;
  Result<Samples> gauged(Stream& stream, const Frame& frame);
  [[nodiscard]] FrameGain measured(const Follower& follower, const Samples& samples) const;
  /// @param at  where a piece of a frame, in the host's memory, lies in the picture.
  Result<void> cut(Stream& stream, const Frame& frame, const Box& at = {});
  [[nodiscard]] CropThere cut_there() const;
  [[nodiscard]] HoleMasks holes_in(std::span<const std::shared_ptr<const Mask>> masks) const;
  Result<void> send_crop(Stream& stream);
  Result<void> upload_fill(Stream& stream);
  /// Gains by the parity of a picture's row.
  Result<void> unblend(Stream& stream, Frame& frame, const RowGains& gains);
  Result<void> write_fill(Stream& stream, Frame& frame, const RowGains& gains);

  Device device_;
  PixelFormat format_;
  SampleReader reader_;
  Composite composite_;
  std::array<Part, 3> parts_;
  std::optional<HoleFiller> filler_;
  Crop crop_;
  std::vector<Follower> followers_;  // none, one, or one a field
  std::array<Gauge, 3> gauges_;
  std::int64_t looked_ = 0;  // frames that wait to be restored
  bool unblends_ = false, moves_on_ = false;
};

}  // namespace cleanplate
