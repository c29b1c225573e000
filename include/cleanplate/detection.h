/// @file
/// What a detector saw in one frame.
#pragma once
#include <cleanplate/mask.h>
#include <cleanplate/overlay.h>

#include <memory>
#include <string>
#include <vector>

namespace cleanplate {

struct Detection {
  Box box;                           ///< luma samples
  double score = 0;                  ///< 0…1
  std::string kind = "logo";         ///< "logo", "text", "region", or the user model's class
  std::shared_ptr<const Mask> mask;  ///< null: the whole box
  bool told = false;                 ///< its times are known: a tracker adds none
  double dx = 0, dy = 0;             ///< where the mask lies now, against mask->box; luma samples
  /// What it is made of, where that is known beforehand (a template), with the file's opacity;
  /// null: it is estimated.
  std::shared_ptr<const OverlayModel> master = nullptr;
};

struct Detections {
  std::int64_t pts = 0;
  std::vector<Detection> seen;
};

/// Something looked at and either taken for an overlay or not, with the reason.
struct Candidate {
  Detection detection;
  bool accepted = false;
  std::string reason;     ///< a sentence with the figures that decided
  bool by_looks = false;  ///< a network takes it for an overlay; whether it stays is not proven
};

}  // namespace cleanplate
