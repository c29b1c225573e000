/// @file
/// `quality --cases moving`: marks that move, jump, blink and change, against the truth.
#pragma once
#include <map>
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
  /// dB of peers that are told each frame's exact place; none if not asked.
  std::map<std::string, double> peers;
  std::string methods;
};

enum class MovingHint { none, region, place, master };
/// Measured before the encoder. @param hint  `region`: the first place is told, its time too if it
/// moves on; `place`: the same, for all of the clip unless it is one that is followed; `master`:
/// the logo's file. @param peers  whether others are measured too.
[[nodiscard]] MovingResult run_moving(const MovingOrder& order, MovingHint hint,
                                      bool peers = false);
[[nodiscard]] std::string moving_table(const std::vector<MovingResult>& results);

}  // namespace quality
