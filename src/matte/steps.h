/// @file
/// A place just before and just after a mark comes or goes: what it hides is seen there.
#pragma once
#include <cleanplate/overlay.h>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "matte/crop_stack.h"
#include "matte/palette.h"

namespace cleanplate {

/// Frames of one place, and when.
struct TimedStack {
  const CropStack& frames;
  const std::vector<std::int64_t>& pts;  ///< rising
};

/// Means over a few frames on both sides of the steps, each component on its own grid.
struct StepPictures {
  std::array<Field, 3> with, without;
  Contrast spread{};  ///< what the two differ by where there is no mark, code values
  /// Correlation of the scene's detail in the two where there is no mark: below 1 it moves, if only
  /// in a few places, as trees before a sky do. 1 where there is no detail.
  double stays = 1;
};

/// Only steps over which the scene stands still but for the mark, which must stand out from what
/// else changes; as many frames a side as agree best. Nothing where there is no such step.
/// @param hint  luma grid: >0 where the mark may be; what lies round that has none of it.
[[nodiscard]] std::optional<StepPictures> pictures_of_steps(const TimedStack& with,
                                                            const TimedStack& without,
                                                            const Field& hint);

/// Share of the mark that a model of it leaves there, as rms of luma over all that differs, beyond
/// what differs by chance; 1 where it takes nothing off.
[[nodiscard]] double left_by(const OverlayModel& model, const StepPictures& steps);

/// Shares of a mark that a model of it may leave: known well, and in part at least.
constexpr double little_left = .15, much_left = .35;

/// Whether what all frames tell of a mark is better than what the steps would: it leaves little of
/// the mark there, or some, and the scene moves over the steps, which dims its detail as a mark
/// does. @param little  share of the mark.
[[nodiscard]] bool told_better(const OverlayModel& by_all, const StepPictures& steps,
                               double little = little_left);

}  // namespace cleanplate
