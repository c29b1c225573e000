/// @file
/// How ours grows: with threads, with the clip's length; and how soon the first frame is done.
#pragma once
#include "setup/results.h"
#include "setup/settings.h"

namespace bench {

/// Frames a second and CPU seconds on 1, 2, 4 … threads, plain beside ours.
/// @param most  threads.
void measure_threads(const Settings& settings, int most, int rounds, Results& results);

struct Lengths {
  std::string size = "640x360", preset = "veryfast";
  double brief = 60, lengthy = 600;  ///< seconds, of a clip of 10 s over and over
};
/// Time a frame of the long clip against the short one's.
void measure_length(Settings settings, const Lengths& lengths, int rounds, Results& results);

/// Seconds from the start until a restored frame is handed to the encoder, with a region and
/// without, on a clip of `seconds` (10 s over and over).
void measure_first_frame(const Settings& settings, double seconds, int rounds, Results& results);

}  // namespace bench
