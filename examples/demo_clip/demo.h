/// @file
/// The demo clip: the scene, a mark on it, a sweep for sound.
#pragma once
#include <string>

namespace demo {

struct DemoOrder {
  int width = 1280, height = 720;  ///< even
  double seconds = 6;
  int rate = 25;                    ///< frames a second
  std::string kind = "seethrough";  ///< or "opaque", "timecode", "none"
  double alpha = .4;                ///< opacity of "seethrough"
  double pan = 1;                   ///< factor on the camera's speed; 0: it stands still
  std::string preset = "medium";    ///< libx264's
  int crf = 18;
  bool sound = true;
};

/// Writes the clip with its mark to `path` and, unless empty, the same without it to `clean`.
void write_demo(const DemoOrder& order, const std::string& path, const std::string& clean);

}  // namespace demo
