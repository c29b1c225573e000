/// @file
/// Marks that are edges all over.
#pragma once
#include <cleanplate/overlay.h>

namespace cleanplate {

/// Whether a mark is made of strokes that coding smears over all their width: nowhere is its
/// opacity seen but at edges, where it looks less than it is. A fill goes over them from either
/// side.
[[nodiscard]] bool thin_strokes(const OverlayModel& model);

}  // namespace cleanplate
