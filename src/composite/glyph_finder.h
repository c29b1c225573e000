/// @file
/// Finds a text's glyphs in one frame after another, wherever these lie.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/plan.h>
#include <cleanplate/result.h>

#include <array>
#include <memory>
#include <vector>

#include "device/device_core.h"
#include "frame/sample_reader.h"

namespace cleanplate {

/// Threads: one object, one thread at a time.
class GlyphFinder {
 public:
  explicit GlyphFinder(const Device& device) : reader_(device) {}

  /// @param overlay  with `text`. @return its mask in this frame; null: it has no text there.
  Result<std::shared_ptr<const Mask>> find(Stream& stream, const Frame& frame,
                                           const PlannedOverlay& overlay);

 private:
  SampleReader reader_;
  std::array<Buffer, 3> there_;  // for frames on a device
  std::array<std::vector<std::uint16_t>, 3> samples_;
};

}  // namespace cleanplate
