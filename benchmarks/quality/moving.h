/// @file
/// `quality --cases moving`: marks that move, jump, blink and change, against the truth.
#pragma once
#include <string>
#include <vector>

#include "moving_case.h"

namespace quality {

struct MovingResult {
  std::string clip, kind, error;
  int frames = 0, there = 0;                   ///< all; with an overlay that can be seen
  int flashes = 0;                             ///< frames with |ρ| > 0.25
  int away = 0, touched = 0;                   ///< frames without an overlay; of these changed ones
  double psnr = 0, oracle = 0, untouched = 0;  ///< dB of luma in the support
  double iou = 0;      ///< of what was changed with what was covered, mean over frames
  double seconds = 0;  ///< wall, of the run
  std::string methods;
};

/// Measured before the encoder. @param told  the place in the first frame is told.
[[nodiscard]] MovingResult run_moving(const MovingOrder& order, bool told);
[[nodiscard]] std::string moving_table(const std::vector<MovingResult>& results);

}  // namespace quality
