/// @file
/// Clips of a wanted size and length, for timing.
#pragma once
#include <string>

namespace bench {

struct ClipOrder {
  int width = 1920, height = 1080;  ///< even
  double seconds = 10;
  std::string source;  ///< a clip to scale (and to loop until long enough); empty: the demo scene
};

/// Writes a clean clip, finely coded (crf 12), with sound if it is the demo scene.
/// @return what it is, in words.
std::string make_clip(const ClipOrder& order, const std::string& path);

/// Writes `source`'s packets `times` times over, one after the other, without coding them again.
void repeat_clip(const std::string& source, int times, const std::string& path);

}  // namespace bench
