/// @file
/// How strongly an overlay is there over time: fades, pulsing, away.
#pragma once
#include <cstdint>
#include <vector>

namespace cleanplate {

/// One frame of the scan's sample.
struct GainSample {
  std::int64_t pts = 0;
  double value = 1;  ///< factor on the model's opacity; 0: away
  double error = 1;  ///< standard error
};

/// What the scan knows of an overlay's gain. Not `measured`: it counts as there, at 1, always.
struct GainHistory {
  bool measured = false;
  bool varies = false;   ///< it was seen to fade, pulse or go
  double reference = 1;  ///< what the meter says where the model holds as it is
  double floor = 0;      ///< what it says where the overlay is away
  double noise = .05;    ///< rms of the meter's answers where nothing changes
  std::vector<GainSample>
      samples;  ///< those that could be told, by rising time, `floor` as 0 and `reference` as 1
};

}  // namespace cleanplate
