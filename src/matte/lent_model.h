/// @file
/// One overlay's model at another of its places.
#pragma once
#include <cleanplate/mask.h>
#include <cleanplate/overlay.h>

#include <memory>

#include "matte/crop_stack.h"
#include "matte/moved_model.h"

namespace cleanplate {

struct LentModel {
  std::shared_ptr<const OverlayModel> model;  ///< null: it is not the same mark there
  std::shared_ptr<const Mask> support;
};

/// Laid to the sample where the place's mean picture is most like the mark; lent only where
/// un-blending with it leaves next to nothing of the mark's outline.
/// @param guess  where the place lies against the model's, to `reach` samples.
[[nodiscard]] LentModel lent_model(const OverlayModel& model, const Mask& support, Shift guess,
                                   int reach, const CropStack& place, Size picture);

/// Mean square of the steps that the place's mean picture has within `where` once a model is taken
/// off: what is left of a mark's edges, or was put there, adds to the scene's.
[[nodiscard]] double steps_left(const OverlayModel& model, const CropStack& place,
                                const Box& where);

}  // namespace cleanplate
