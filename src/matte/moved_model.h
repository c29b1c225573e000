/// @file
/// An overlay's model at another place, also between samples.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/mask.h>
#include <cleanplate/overlay.h>

#include <memory>

namespace cleanplate {

/// Where a model goes; luma samples.
struct Shift {
  double x = 0, y = 0;
  bool operator==(const Shift&) const = default;
};

/// α and αW are interpolated; what leaves the picture is cut off.
[[nodiscard]] std::shared_ptr<const OverlayModel> moved_model(const OverlayModel& model,
                                                              Shift shift, PixelFormat format,
                                                              Size picture);
/// Covers all that the mask covers when it lies between samples.
[[nodiscard]] std::shared_ptr<const Mask> moved_mask(const Mask& mask, Shift shift, Size picture);

}  // namespace cleanplate
