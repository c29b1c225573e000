/// @file
/// An overlay's model in one field of an interlaced picture.
#pragma once
#include <cleanplate/overlay.h>

namespace cleanplate {

/// The rows of that parity in the picture, as if they were all; the boxes are as high as they are
/// many, and lie where the first of them does.
[[nodiscard]] OverlayModel field_of(const OverlayModel& model, int parity);

}  // namespace cleanplate
