/// @file
/// Restores one overlay's place in a frame.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/mask.h>
#include <cleanplate/plan.h>
#include <cleanplate/result.h>

#include <array>
#include <optional>
#include <vector>

#include "composite/composite.h"
#include "device/device_core.h"
#include "frame/sample_reader.h"
#include "inpaint/fill.h"

namespace cleanplate {

/// Un-blends where the matte is trusted, fills where it is not, mixes between; writes into the
/// frame's own planes. Buffers are made once. Threads: one object, one thread at a time.
class OverlayRestorer {
 public:
  /// @param mask   luma samples of the overlay; all of them are filled where there is no model.
  /// @param model  null: fill only.
  [[nodiscard]] static Result<OverlayRestorer> create(const Device& device, PixelFormat format,
                                                      Size picture, const Mask& mask,
                                                      const OverlayModel* model);
  /// @param frame  writable. @param number  the frame's number in the clip.
  Result<void> restore(Stream& stream, Frame& frame, std::int64_t number);

  [[nodiscard]] bool unblends() const { return unblends_; }

 private:
  struct Part {  // one component
    Box box;     // matte's place, component's samples
    Buffer alpha, colour, samples, unblend_mask;
    Box context;  // what the fill looks at
    Buffer filled, fill_mask;
    bool unblend = false;
  };
  explicit OverlayRestorer(const Device& device)
      : device_(device), reader_(device), composite_(device) {}
  Result<void> fill(Stream& stream, Frame& frame, std::int64_t number);
  Result<void> unblend(Stream& stream, Frame& frame);
  Result<void> write_fill(Stream& stream, Frame& frame);

  Device device_;
  PixelFormat format_;
  SampleReader reader_;
  Composite composite_;
  std::array<Part, 3> parts_;
  std::optional<Filler> filler_;
  Crop crop_;
  bool unblends_ = false;
};

}  // namespace cleanplate
