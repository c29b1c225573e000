/// @file
/// A job's way from frame to frame, and how it is begun again after a card has failed.
#pragma once
#include <cleanplate/device.h>
#include <cleanplate/options.h>
#include <cleanplate/report.h>
#include <cleanplate/result.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/stage_clock.h"

namespace cleanplate {

/// What a try works with, and what all tries so far have come to.
struct Course {
  Options options;
  Device device;
  std::string encoder = {};  ///< of the last try; empty: it had none yet
  /// Frames that Callbacks::restored was given.
  std::int64_t shown = 0;
  StageClock decode{"decode"}, inpaint{"inpaint"}, encode{"encode"};
  std::vector<Degradation> steps_back = {};
};

/// After a try that failed: the next is to do without the card's encoder, where that failed, or
/// without the card, where frames lay on it that cannot be had any more. The output is a temporary
/// file until it is finished, so nothing is lost but time.
/// @return false: neither is to blame, or `strict` forbids it.
[[nodiscard]] bool step_back(const Error& why, Course& course);

}  // namespace cleanplate
