/// @file
/// Clips of a wanted size and length, for timing.
#pragma once
#include <cleanplate/geometry.h>

#include <string>

namespace bench {

struct ClipOrder {
  cleanplate::Size size{1920, 1080};  ///< even
  double seconds = 10;
  int frames = 0;      ///< 0: as many as `seconds` make
  std::string source;  ///< a clip to scale (and to loop until long enough); empty: the demo scene
};

/// Writes a clean clip, finely coded (crf 12), with sound if it is the demo scene.
/// @return what it is, in words.
std::string make_clip(const ClipOrder& order, const std::string& path);

/// Writes `source`'s packets `times` times over, one after the other, without coding them again.
void repeat_clip(const std::string& source, int times, const std::string& path);

/// "1920x1080". @throws what is wrong with it.
[[nodiscard]] cleanplate::Size size_from(const std::string& text);
[[nodiscard]] std::string text_of(cleanplate::Size size);

}  // namespace bench
